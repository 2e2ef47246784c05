import { badUserInput, serviceUnavailable } from '@shop/platform/graphql-errors';
import { Arg, Ctx, Directive, Int, Query, Resolver } from 'type-graphql';
import type { SearchContext } from './context.js';
import { IndexUnavailable, type SearchSort as SortName } from './product-index.js';
import { checkedFilter, ProductSearchFilter, SearchSort } from './search-filter.js';
import { ProductSearchResult, resultOf } from './search-result.js';
import { checkedText } from './search-text.js';

const MAX_FIRST = 100;

@Resolver(() => ProductSearchResult)
export class SearchResolver {
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["hits"], requireOneSlicingArgument: false)')
  @Query(() => ProductSearchResult, { description: 'Published products. Without words: all of them, to browse.' })
  async searchProducts(
    @Arg('query', () => String, { nullable: true }) query: string | null | undefined,
    @Arg('filter', () => ProductSearchFilter, { nullable: true }) filter: ProductSearchFilter | null | undefined,
    @Arg('sort', () => SearchSort, { nullable: true, defaultValue: SearchSort.RELEVANCE }) sort: SortName | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { completeIndex, clock }: SearchContext,
  ): Promise<ProductSearchResult> {
    const startedAt = clock.now().getTime();
    const request = {
      query: checkedText('query', query ?? ''),
      filter: checkedFilter(filter),
      sort: sort ?? 'RELEVANCE',
      first: checkedFirst(first ?? 20),
      after: after ?? null,
    };
    const page = await completeIndex().search(request).catch(refuseWhenAway);
    if (page.kind === 'invalid-cursor') throw badUserInput('after is not a cursor of this search.');
    return resultOf(page, Math.max(0, clock.now().getTime() - startedAt));
  }
}

function checkedFirst(first: number): number {
  if (first < 1 || first > MAX_FIRST) throw badUserInput(`first must be between 1 and ${MAX_FIRST}.`);
  return first;
}

function refuseWhenAway(cause: unknown): never {
  throw cause instanceof IndexUnavailable ? Object.assign(serviceUnavailable('Search'), { cause }) : cause;
}
