import type { estypes } from '@elastic/elasticsearch';
import { z } from 'zod';
import { priceBucketsOf, rangesBetween, type PriceRange } from '../price-ranges.js';
import type { Facet, ProductFilter } from '../product-index.js';
import { allBut, rangeOf, type Dimension } from './filter-dimensions.js';
import { isCurrency } from './product-document.js';

type Aggregations = Record<string, estypes.AggregationsAggregationContainer>;

export interface PricePlan {
  currency: string;
  ranges: PriceRange[];
}

const percentages = [0, 20, 40, 60, 80, 100];
const spread = z.object({
  currencies: z.object({ buckets: z.array(z.object({ key: z.string() })) }),
  ranges: z
    .object({
      buckets: z.array(z.object({ key: z.string(), fifths: z.object({ values: z.record(z.string(), z.number().nullable()) }).optional() })),
    })
    .optional(),
});

/** Which currency is the commonest, and how the prices of each of `currencies` are spread, the price's own condition left out. */
export function priceAggregations(dimensions: readonly Dimension[], currencies: readonly string[]): Aggregations {
  const fifths = currencies.map((currency) => [
    fifthsName(currency),
    { percentiles: { field: `lowest.${currency}`, percents: percentages } },
  ]);
  return {
    price: {
      filter: allButPrice(dimensions),
      aggs: {
        currencies: { terms: { field: 'currency', size: 3, order: [{ _count: 'desc' }, { _key: 'asc' }] } },
        ...Object.fromEntries(fifths),
      },
    },
  };
}

/** null where there is nothing to choose; `unknown` where the commonest currency was not among those that were asked for. */
export function pricePlanOf(found: unknown, filter: ProductFilter): PricePlan | null | { unknown: string } {
  const answer = z.looseObject({ currencies: spread.shape.currencies }).parse(found);
  const currency = (filter.priceMin ?? filter.priceMax)?.currency ?? answer.currencies.buckets[0]?.key;
  if (currency === undefined || !isCurrency(currency)) return null;
  const fifths = z.object({ values: z.record(z.string(), z.number().nullable()) }).safeParse(answer[fifthsName(currency)]);
  if (!fifths.success) return { unknown: currency };
  const [lowest, ...rest] = percentages.map((percentage) => fifths.data.values[`${percentage}.0`] ?? null);
  const highest = rest.pop();
  if (lowest === null || lowest === undefined || highest === null || highest === undefined) return null;
  const ranges = rangesBetween(
    lowest,
    rest.map((amount) => amount ?? lowest),
    highest,
  );
  return ranges.length === 0 ? null : { currency, ranges };
}

/** How many products have a price in each range. */
export function rangeAggregations(dimensions: readonly Dimension[], { currency, ranges }: PricePlan): Aggregations {
  const filters = ranges.map(({ from, to }) => rangeOf(currency, from, to));
  return { price: { filter: allButPrice(dimensions), aggs: { ranges: { filters: { filters } } } } };
}

export function readPriceFacet(found: unknown, { currency, ranges }: PricePlan, filter: ProductFilter): Facet {
  const counts = z.object({ ranges: z.object({ buckets: z.array(z.object({ doc_count: z.number() })) }) }).parse(found).ranges.buckets;
  return {
    name: 'price',
    buckets: priceBucketsOf(
      ranges,
      counts.map(({ doc_count }) => doc_count),
      currency,
      filter,
    ),
  };
}

function allButPrice(dimensions: readonly Dimension[]): estypes.QueryDslQueryContainer {
  return allBut(
    dimensions,
    dimensions.find(({ facet }) => facet === 'price'),
  );
}

const fifthsName = (currency: string) => `fifths_${currency}`;
