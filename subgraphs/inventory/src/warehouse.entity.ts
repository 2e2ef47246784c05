import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { GraphQLCountryCode } from 'graphql-scalars';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Entity()
@Directive('@key(fields: "id")')
@ObjectType()
export class Warehouse {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => String, { description: 'Short and stable, e.g. BER.' })
  @Property({ type: 'text', unique: true })
  code!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  name!: string;

  @Field(() => GraphQLCountryCode)
  @Property({ type: 'text' })
  country!: string;

  /** Warehouses with a lower number are emptied first. */
  @Property({ type: 'integer' })
  priority!: number;
}
