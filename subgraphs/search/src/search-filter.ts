import { badUserInput } from '@shop/platform/graphql-errors';
import { MoneyInput } from '@shop/platform/value-types';
import { Field, InputType, registerEnumType } from 'type-graphql';
import type { ProductFilter, SearchSort as SortName } from './product-index.js';

export const SearchSort = {
  RELEVANCE: 'RELEVANCE',
  PRICE_ASC: 'PRICE_ASC',
  PRICE_DESC: 'PRICE_DESC',
  NEWEST: 'NEWEST',
} as const satisfies {
  [Name in SortName]: Name;
};
registerEnumType(SearchSort, {
  name: 'SearchSort',
  description: 'PRICE_ASC goes by the cheapest variant, PRICE_DESC by the dearest. RELEVANCE without words is NEWEST.',
});

@InputType()
export class AttributeFilterInput {
  @Field(() => String)
  name!: string;

  @Field(() => [String])
  values!: string[];
}

@InputType()
export class ProductSearchFilter {
  @Field(() => String, { nullable: true, description: 'This category and all below it.' })
  categorySlug?: string | null;

  @Field(() => [String], { nullable: true })
  brands?: string[] | null;

  @Field(() => [AttributeFilterInput], {
    nullable: true,
    description: 'Values of one attribute or option are OR-ed, different names AND-ed.',
  })
  attributes?: AttributeFilterInput[] | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Inclusive; one variant has to lie within.' })
  priceMin?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Inclusive, in the currency of priceMin.' })
  priceMax?: MoneyInput | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  inStockOnly?: boolean | null;
}

/** The filter as the index takes it. Throws BAD_USER_INPUT when the ends of the price range are of two currencies. */
export function checkedFilter(input: ProductSearchFilter | null | undefined): ProductFilter {
  const { categorySlug, brands, attributes, priceMin, priceMax, inStockOnly } = input ?? {};
  if (priceMin && priceMax && priceMin.currency !== priceMax.currency)
    throw badUserInput('priceMin and priceMax must be of the same currency.');
  return {
    categorySlug: categorySlug ?? null,
    brands: brands ?? [],
    attributes: attributes ?? [],
    priceMin: priceMin ?? null,
    priceMax: priceMax ?? null,
    inStockOnly: inStockOnly ?? false,
  };
}
