import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Users' person, to whom this subgraph adds the orders. */
@Directive('@key(fields: "id")')
@ObjectType('User')
export class OrdersUser {
  @Field(() => ID)
  id!: string;
}

/** Catalog's variant, by its SKU. */
@Directive('@key(fields: "sku", resolvable: false)')
@ObjectType('ProductVariant')
export class OrdersVariant {
  @Field(() => String)
  sku!: string;
}
