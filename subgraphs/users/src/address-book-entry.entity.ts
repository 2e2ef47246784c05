import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { PostalAddress } from '@shop/platform/value-types';
import { Field, ID, ObjectType } from 'type-graphql';

@Entity()
@ObjectType()
export class AddressBookEntry {
  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string;

  @Property({ type: 'uuid' })
  userId!: string;

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  label!: string | null;

  @Property({ type: 'json' })
  @Field(() => PostalAddress)
  address!: Omit<PostalAddress, never>;

  @Property({ type: 'boolean' })
  @Field(() => Boolean)
  isDefaultShipping!: boolean;

  @Property({ type: 'boolean' })
  @Field(() => Boolean)
  isDefaultBilling!: boolean;

  @Property({ type: 'datetime' })
  createdAt!: Date;
}
