import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "sku")')
@ObjectType('ProductVariant')
export class InventoryVariant {
  @Field(() => String)
  sku!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Product')
export class InventoryProduct {
  @Field(() => ID)
  id!: string;

  @Directive('@external')
  @Field(() => [InventoryVariant])
  variants!: InventoryVariant[];
}
