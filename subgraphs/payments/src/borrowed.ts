import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Orders owns it; payments adds its `payment`. */
@Directive('@key(fields: "id")')
@ObjectType('Order')
export class PaymentsOrder {
  @Field(() => ID)
  id!: string;
}
