import type { estypes } from '@elastic/elasticsearch';
import { z } from 'zod';
import { FEW_HITS, respell } from '../did-you-mean.js';
import type { Facet, InvalidCursor, ProductHit, SearchPage, SearchRequest } from '../product-index.js';
import { decodeCursor, encodeCursor, hashOfQuery, type SortKey } from '../search-cursor.js';
import { hasWords } from '../text-analysis.js';
import { facetAggregations, readFacets } from './facet-counts.js';
import { allBut, dimensionsOf, type Dimension } from './filter-dimensions.js';
import { hitOrder, type HitOrder } from './hit-order.js';
import { markedName, MARK_BEGIN, MARK_END } from './marked-name.js';
import { priceAggregations, pricePlanOf, rangeAggregations, readPriceFacet } from './price-facet.js';
import { spellingRequest, spellingSource } from './spelling.js';
import { published, skuClause, textClause, type Strictness } from './text-clause.js';

export type Ask = (request: Omit<estypes.SearchRequest, 'index'>) => Promise<unknown>;

const MAX_PAGE = 100;

const answerSchema = z.object({
  hits: z.object({
    total: z.object({ value: z.number() }),
    hits: z.array(
      z.object({
        _id: z.string(),
        _score: z.number().nullish(),
        _source: z.object({ name: z.string() }),
        sort: z.array(z.unknown()),
        highlight: z.record(z.string(), z.array(z.string())).optional(),
      }),
    ),
  }),
  aggregations: z.looseObject({ found: z.object({ doc_count: z.number() }), bySku: z.object({ doc_count: z.number() }).optional() }),
});
type Answer = z.output<typeof answerSchema>;

const counted = z.object({ hits: z.object({ total: z.object({ value: z.number() }) }) });

/** What one request is made of. */
interface Plan {
  request: SearchRequest;
  dimensions: readonly Dimension[];
  order: HitOrder;
  after: SortKey | null;
  /** Keeps the pages of one query on one copy of the index. */
  queryHash: string;
  size: number;
}

/** Searches with `ask`. `currencies` are those that are known to be in use; one that turns up is added. */
export async function searchProducts(ask: Ask, currencies: Set<string>, request: SearchRequest): Promise<SearchPage | InvalidCursor> {
  const queryHash = hashOfQuery(request);
  const after = request.after === null ? null : decodeCursor(queryHash, request.after);
  if (after?.kind === 'invalid-cursor') return after;
  const isBrowsing = !hasWords(request.query);
  const plan: Plan = {
    request,
    dimensions: dimensionsOf(request.filter),
    order: hitOrder(request.sort, isBrowsing, (request.filter.priceMin ?? request.filter.priceMax)?.currency ?? null),
    after: after?.key ?? null,
    queryHash,
    size: Math.max(0, Math.min(Math.trunc(request.first), MAX_PAGE)),
  };
  const found = isBrowsing ? await findBy(ask, plan, published, currencies) : await findByWords(ask, plan, currencies);
  const [facets, didYouMean] = await Promise.all([facetsOf(ask, plan, found, currencies), betterSpelling(ask, plan, found)]);
  return { kind: 'page', totalCount: found.answer.hits.total.value, facets, didYouMean, ...hitsOf(found.answer, plan, isBrowsing) };
}

interface Found {
  answer: Answer;
  query: estypes.QueryDslQueryContainer;
  /** How many products have the words as typed, filters aside; null while browsing. */
  exactCount: number | null;
}

/** Products with all the words; when there is none, filters aside, with all of them allowing typos; then with any of them. */
async function findByWords(ask: Ask, plan: Plan, currencies: Set<string>): Promise<Found> {
  const stages: Strictness[] = ['exact', 'tolerant', 'any'];
  for (const stage of stages) {
    const found = await findBy(ask, plan, textClause(plan.request.query, stage), currencies);
    const count = found.answer.aggregations.found.doc_count;
    if (count > 0 || stage === 'any') return { ...found, exactCount: stage === 'exact' ? count : 0 };
  }
  throw new Error('The last stage returns.');
}

async function findBy(ask: Ask, plan: Plan, query: estypes.QueryDslQueryContainer, currencies: Set<string>): Promise<Found> {
  const { dimensions, order, after, size, queryHash, request } = plan;
  const answer = await ask({
    query,
    post_filter: allBut(dimensions, undefined),
    // One more tells whether there is a next page.
    size: size + 1,
    sort: order.sort,
    ...(after && { search_after: order.after(after) }),
    track_scores: true,
    track_total_hits: true,
    preference: copyFor(queryHash),
    _source: ['name'],
    highlight: highlighting,
    aggs: {
      found: { filter: { match_all: {} } },
      bySku: { filter: skuClause(request.query) },
      ...facetAggregations(dimensions),
      ...priceAggregations(dimensions, [...currencies]),
    },
  });
  return { answer: answerSchema.parse(answer), query, exactCount: null };
}

/** A name that begins with an underscore means something else to the engine. */
const copyFor = (queryHash: string) => `query-${queryHash}`;

const highlighting: estypes.SearchHighlight = {
  type: 'unified',
  number_of_fragments: 0,
  pre_tags: [MARK_BEGIN],
  post_tags: [MARK_END],
  fields: { name: {}, 'name.begun': {} },
};

async function facetsOf(
  ask: Ask,
  { dimensions, request, queryHash }: Plan,
  { answer, query }: Found,
  currencies: Set<string>,
): Promise<Facet[]> {
  const again = (aggs: Record<string, estypes.AggregationsAggregationContainer>) =>
    ask({ query, size: 0, preference: copyFor(queryHash), aggs }).then(
      (found) => z.object({ aggregations: z.looseObject({ price: z.unknown() }) }).parse(found).aggregations.price,
    );
  const { fixed, attributes } = readFacets(answer.aggregations, dimensions);
  let plan = pricePlanOf(answer.aggregations['price'], request.filter);
  if (plan && 'unknown' in plan) {
    currencies.add(plan.unknown);
    plan = pricePlanOf(await again(priceAggregations(dimensions, [plan.unknown])), request.filter);
  }
  const price = plan && 'ranges' in plan ? [readPriceFacet(await again(rangeAggregations(dimensions, plan)), plan, request.filter)] : [];
  return [...fixed, ...price, ...attributes].filter(({ buckets }) => buckets.length > 0);
}

/** A spelling of which there are more products, where there are few as typed. */
async function betterSpelling(ask: Ask, { request: { query } }: Plan, { answer, exactCount }: Found): Promise<string | null> {
  if (exactCount === null || exactCount >= FEW_HITS || (answer.aggregations.bySku?.doc_count ?? 0) > 0) return null;
  const spelling = respell(query.slice(0, MAX_SPELLED), spellingSource(query, await ask(spellingRequest(query))));
  if (spelling === null) return null;
  const better = counted.parse(await ask({ query: textClause(spelling, 'exact'), size: 0, track_total_hits: true }));
  return better.hits.total.value > exactCount ? spelling : null;
}

const MAX_SPELLED = 200;

function hitsOf(answer: Answer, { order, after, size, queryHash }: Plan, isBrowsing: boolean): Pick<SearchPage, 'hits' | 'pageInfo'> {
  const hits = answer.hits.hits.slice(0, size).map(({ _id, _score, _source, sort, highlight }): ProductHit => {
    const marked = isBrowsing ? [] : Object.values(highlight ?? {}).flat();
    return {
      productId: _id,
      score: isBrowsing ? 0 : (_score ?? 0),
      highlightedName: markedName(_source.name, marked),
      cursor: encodeCursor(queryHash, order.keyOf(sort)),
    };
  });
  const pageInfo = {
    hasNextPage: answer.hits.hits.length > size,
    hasPreviousPage: after !== null && answer.hits.total.value > 0,
    startCursor: hits[0]?.cursor ?? null,
    endCursor: hits.at(-1)?.cursor ?? null,
  };
  return { hits, pageInfo };
}
