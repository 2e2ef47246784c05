import { Money } from '@shop/platform/value-types';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { OptionValue, Product, type TaxClass } from './product.entity.js';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "sku")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType()
export class ProductVariant {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  sku!: string;

  @Field(() => String)
  name!: string;

  @Directive('@listSize(assumedSize: 3)')
  @Field(() => [OptionValue])
  optionValues!: OptionValue[];

  @Field(() => Money)
  price!: { amountMinor: number; currency: string };

  @Field(() => Money, { nullable: true, description: 'The price before a reduction, when there is one.' })
  compareAtPrice!: { amountMinor: number; currency: string } | null;

  @Field(() => Int)
  weightGrams!: number;

  @Field(() => String, { description: 'STANDARD, REDUCED or ZERO: which of a country’s tax rates applies.' })
  taxClass!: TaxClass;

  @Field(() => Product)
  product!: Product;
}

/** The variants of a product, each knowing its product. */
export function variantsOf(product: Product): ProductVariant[] {
  return product.variantRecords.map((record) => Object.assign(new ProductVariant(), record, { taxClass: product.taxClass, product }));
}
