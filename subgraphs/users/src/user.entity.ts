import { ArrayType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { GraphQLEmailAddress, GraphQLLocale } from 'graphql-scalars';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A person with an account. Whoever holds an instance may see it: ownership is checked where one is read. */
@Entity({ tableName: 'users' })
@Directive('@key(fields: "id")')
@ObjectType()
export class User {
  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string;

  /** Normalised, see `normaliseEmail`. */
  @Property({ type: 'text' })
  @Unique({ name: 'users_email_unique' })
  @Field(() => GraphQLEmailAddress)
  email!: string;

  @Property({ type: 'text' })
  @Field(() => String)
  displayName!: string;

  @Property({ type: 'text' })
  @Field(() => GraphQLLocale)
  locale!: string;

  @Property({ type: ArrayType })
  @Field(() => [String])
  roles!: string[];

  @Property({ type: 'text' })
  passwordHash!: string;

  @Property({ type: 'datetime' })
  @Field(() => Date)
  createdAt!: Date;
}
