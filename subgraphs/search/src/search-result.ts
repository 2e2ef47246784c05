import { PageInfo } from '@shop/platform/value-types';
import { Directive, Field, Float, Int, ObjectType } from 'type-graphql';
import { SearchProduct } from './borrowed.js';
import type { SearchPage } from './product-index.js';

@ObjectType()
export class SearchHit {
  @Field(() => SearchProduct, { nullable: true, description: 'Null when it is gone since it was found.' })
  product!: SearchProduct | null;

  @Field(() => Float, { description: 'Comparable within one answer; 0 without words.' })
  score!: number;

  @Field(() => String, { description: 'The name with matches wrapped in <mark>; everything else is HTML-escaped.' })
  highlightedName!: string;
}

@ObjectType()
export class FacetBucket {
  @Field(() => String, { description: 'What the filter takes; of `price` the range in minor units, 2500-4999 or 10000-.' })
  value!: string;

  @Field(() => String)
  label!: string;

  @Field(() => Int)
  count!: number;

  @Field(() => Boolean)
  selected!: boolean;
}

@ObjectType()
export class Facet {
  @Field(() => String, { description: 'category, brand, price, or the name of an attribute or option.' })
  name!: string;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [FacetBucket])
  buckets!: FacetBucket[];
}

@ObjectType()
export class ProductSearchResult {
  @Field(() => [SearchHit])
  hits!: SearchHit[];

  @Field(() => Int)
  totalCount!: number;

  @Directive('@listSize(assumedSize: 8)')
  @Field(() => [Facet], { description: "Counts exclude the facet's own filter, so a person can widen a choice." })
  facets!: Facet[];

  @Field(() => String, { nullable: true, description: 'A better spelling, when the words found little.' })
  didYouMean!: string | null;

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Milliseconds.' })
  tookMs!: number;
}

export function resultOf({ hits, totalCount, facets, didYouMean, pageInfo }: SearchPage, tookMs: number): ProductSearchResult {
  return {
    hits: hits.map(({ productId, score, highlightedName }) => ({ product: { id: productId }, score, highlightedName })),
    totalCount,
    facets,
    didYouMean,
    pageInfo,
    tookMs,
  };
}
