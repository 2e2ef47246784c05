import { badUserInput } from '@shop/platform/graphql-errors';
import { Arg, Ctx, Field, Int, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import { SearchProduct } from './borrowed.js';
import type { SearchContext } from './context.js';
import { IndexUnavailable, type Suggestion } from './product-index.js';
import { checkedText } from './search-text.js';

const SuggestionKind = { QUERY: 'QUERY', PRODUCT: 'PRODUCT', CATEGORY: 'CATEGORY', BRAND: 'BRAND' } as const satisfies {
  [Kind in Suggestion['kind']]: Kind;
};
registerEnumType(SuggestionKind, { name: 'SuggestionKind' });

const MAX_LIMIT = 20;

@ObjectType()
export class SearchSuggestion {
  @Field(() => String)
  text!: string;

  @Field(() => SuggestionKind)
  kind!: Suggestion['kind'];

  @Field(() => SearchProduct, { nullable: true, description: 'Of the kind PRODUCT only.' })
  product!: SearchProduct | null;
}

@Resolver(() => SearchSuggestion)
export class SuggestionResolver {
  @Query(() => [SearchSuggestion], { description: 'How what was typed so far may go on; `limit` at most 20.' })
  async searchSuggestions(
    @Arg('prefix', () => String) prefix: string,
    @Arg('limit', () => Int, { nullable: true, defaultValue: 8 }) limit: number | null,
    @Ctx() { completeIndex }: SearchContext,
  ): Promise<SearchSuggestion[]> {
    const suggestions = await completeIndex()
      .suggest(checkedText('prefix', prefix), checkedLimit(limit ?? 8))
      .catch(noneWhenAway);
    return suggestions.map((suggestion) => ({
      text: suggestion.text,
      kind: suggestion.kind,
      product: suggestion.kind === 'PRODUCT' ? { id: suggestion.productId } : null,
    }));
  }
}

function checkedLimit(limit: number): number {
  if (limit < 1 || limit > MAX_LIMIT) throw badUserInput(`limit must be between 1 and ${MAX_LIMIT}.`);
  return limit;
}

/** A person goes on typing; that search is away they hear when they search. */
function noneWhenAway(error: unknown): Suggestion[] {
  if (error instanceof IndexUnavailable) return [];
  throw error;
}
