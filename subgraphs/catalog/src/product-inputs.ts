import { MoneyInput } from '@shop/platform/value-types';
import { GraphQLURL } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType()
export class NameValueInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@InputType()
export class ProductOptionInput {
  @Field(() => String)
  name!: string;

  @Field(() => [String])
  values!: string[];
}

@InputType()
export class ProductVariantInput {
  @Field(() => String)
  sku!: string;

  @Field(() => String)
  name!: string;

  @Field(() => [NameValueInput])
  optionValues!: NameValueInput[];

  @Field(() => MoneyInput)
  price!: MoneyInput;

  @Field(() => MoneyInput, { nullable: true })
  compareAtPrice?: MoneyInput | null;

  @Field(() => Int)
  weightGrams!: number;
}

@InputType()
export class MediaAssetInput {
  @Field(() => GraphQLURL)
  url!: URL;

  @Field(() => String)
  alt!: string;

  @Field(() => Int, { nullable: true })
  width?: number | null;

  @Field(() => Int, { nullable: true })
  height?: number | null;
}

@InputType()
export class CreateProductInput {
  @Field(() => String, { description: 'Lower-case words of a-z and 0-9, joined by single hyphens.' })
  slug!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'Plain text.' })
  description!: string;

  @Field(() => String, { nullable: true })
  brand?: string | null;

  @Field(() => [String])
  categorySlugs!: string[];

  @Field(() => [NameValueInput], { nullable: true })
  attributes?: NameValueInput[] | null;

  @Field(() => [ProductOptionInput], { nullable: true, description: 'Left out: taken from the variants.' })
  options?: ProductOptionInput[] | null;

  @Field(() => [ProductVariantInput], { description: '1 to 2,048, all in one currency.' })
  variants!: ProductVariantInput[];

  @Field(() => [MediaAssetInput], { nullable: true })
  images?: MediaAssetInput[] | null;

  @Field(() => String, { nullable: true, description: 'STANDARD (the default), REDUCED or ZERO.' })
  taxClass?: string | null;
}

@InputType({ description: 'What is left out stays as it is; a null brand is taken away.' })
export class UpdateProductInput {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  expectedVersion!: number;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => String, { nullable: true })
  brand?: string | null;

  @Field(() => [String], { nullable: true })
  categorySlugs?: string[] | null;

  @Field(() => [NameValueInput], { nullable: true })
  attributes?: NameValueInput[] | null;

  @Field(() => [MediaAssetInput], { nullable: true })
  images?: MediaAssetInput[] | null;

  @Field(() => String, { nullable: true })
  taxClass?: string | null;
}

@InputType()
export class VariantPriceInput {
  @Field(() => String)
  sku!: string;

  @Field(() => MoneyInput)
  price!: MoneyInput;

  @Field(() => MoneyInput, { nullable: true, description: 'Left out: there is none from now on.' })
  compareAtPrice?: MoneyInput | null;
}

@InputType()
export class SetPricesInput {
  @Field(() => ID)
  productId!: string;

  @Field(() => Int)
  expectedVersion!: number;

  @Field(() => [VariantPriceInput])
  prices!: VariantPriceInput[];
}
