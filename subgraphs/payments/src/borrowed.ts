import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Orders owns it; payments adds its `payment`. */
@Directive('@key(fields: "id")')
@ObjectType('Order')
export class PaymentsOrder {
  @Field(() => ID)
  id!: string;

  /** That orders has let the viewer in, e.g. by the order's token. */
  @Directive('@external')
  @Field(() => String)
  accessProof?: string;
}
