import type { estypes } from '@elastic/elasticsearch';
import { z } from 'zod';
import { byCountThenValue, MAX_ATTRIBUTE_FACETS, MAX_BUCKETS, RESERVED_NAMES } from '../facets.js';
import type { Facet, FacetBucket } from '../product-index.js';
import { allBut, type Dimension } from './filter-dimensions.js';
import { PART } from './product-document.js';
import { published } from './text-clause.js';

type Aggregations = Record<string, estypes.AggregationsAggregationContainer>;

/** Values that are counted of all attributes together, and of a facet alone. */
const MAX_ATTRIBUTE_VALUES = 2_000;
const MAX_VALUES = 500;

const terms = z.object({ buckets: z.array(z.object({ key: z.string(), doc_count: z.number() })) });
type Terms = z.output<typeof terms>['buckets'];
const counted = z.object({ values: terms });
const attributes = z.object({ values: terms, names: terms });

/** Counts of every facet without its own condition and with all others. */
export function facetAggregations(dimensions: readonly Dimension[]): Aggregations {
  const find = (facet: Dimension['facet']) => dimensions.find((dimension) => dimension.facet === facet);
  const chosen = dimensions.filter(({ facet }) => facet === 'attribute');
  return {
    category: { filter: allBut(dimensions, find('category')), aggs: { values: labels('category_label', MAX_VALUES) } },
    brand: { filter: allBut(dimensions, find('brand')), aggs: { values: labels('brand_label', MAX_VALUES) } },
    attributes: { filter: allBut(dimensions, undefined), aggs: attributeLabels(MAX_ATTRIBUTE_VALUES) },
    ...Object.fromEntries(
      chosen.map((dimension, at) => [
        `attribute_${at}`,
        { filter: allBut(dimensions, dimension), aggs: attributeLabels(MAX_VALUES, `${dimension.name}${PART}`) },
      ]),
    ),
    ...chosenLabels(dimensions),
  };
}

/** What the aggregations found, as facets: category, brand, then attributes by how many products have them. */
export function readFacets(found: Record<string, unknown>, dimensions: readonly Dimension[]): { fixed: Facet[]; attributes: Facet[] } {
  const chosen = dimensions.filter(({ facet }) => facet === 'attribute');
  const known = chosenTerms(found['chosen']);
  const fixed = (['category', 'brand'] as const).map((name): Facet => {
    const values = dimensions.find(({ facet }) => facet === name)?.values ?? [];
    const read = counted.parse(found[name]).values.buckets;
    return { name, buckets: bucketsOf(name, [...read, ...uncounted(known, values, 1)], new Set(values), 1) };
  });
  const others = attributes.parse(found['attributes']);
  const isChosen = ({ key }: { key: string }) => chosen.some(({ name }) => key.startsWith(`${name}${PART}`));
  const own = chosen.map((_, at) => attributes.parse(found[`attribute_${at}`]));
  const chosenValues = chosen.flatMap(({ values }) => values);
  const names = [...others.names.buckets.filter((bucket) => !isChosen(bucket)), ...own.flatMap((facet) => facet.names.buckets)];
  const values = [
    ...others.values.buckets.filter((bucket) => !isChosen(bucket)),
    ...own.flatMap((facet) => facet.values.buckets),
    ...uncounted(known, chosenValues, 2),
  ];
  return { fixed, attributes: attributeFacets(names, values, new Set(chosenValues), new Set(chosen.map(({ name }) => name))) };
}

function attributeFacets(names: Terms, values: Terms, chosen: ReadonlySet<string>, chosenNames: ReadonlySet<string>): Facet[] {
  const valuesByName = Map.groupBy(values, ({ key }) => key.slice(0, key.indexOf(PART)));
  const labelled = merged(names, 1);
  return [...valuesByName.keys()]
    .filter((key) => !RESERVED_NAMES.has(key))
    .map((key) => ({ key, name: labelled.get(key)?.label ?? nameIn(valuesByName.get(key)), count: labelled.get(key)?.count ?? 0 }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .filter(({ key }, place) => place < MAX_ATTRIBUTE_FACETS || chosenNames.has(key))
    .map(({ key, name }) => ({ name, buckets: bucketsOf('attribute', valuesByName.get(key) ?? [], chosen, 2) }));
}

function bucketsOf(facet: Dimension['facet'], found: Terms, chosen: ReadonlySet<string>, keyParts: number): FacetBucket[] {
  return Array.from(merged(found, keyParts), ([key, { label, count }]): FacetBucket => {
    return { value: facet === 'category' ? key : label, label, count, selected: chosen.has(key) };
  })
    .sort(byCountThenValue)
    .filter((bucket, place) => place < MAX_BUCKETS || bucket.selected);
}

/** Spellings of one key put together; the commonest is shown. */
function merged(found: Terms, keyParts: number): Map<string, { label: string; count: number }> {
  const groups = Map.groupBy(found, ({ key }) => key.split(PART).slice(0, keyParts).join(PART));
  return new Map(
    Array.from(groups, ([key, spellings]) => {
      const [first] = spellings.toSorted((a, b) => b.doc_count - a.doc_count || (a.key < b.key ? -1 : 1));
      return [key, { label: first?.key.split(PART).at(-1) ?? '', count: spellings.reduce((sum, { doc_count }) => sum + doc_count, 0) }];
    }),
  );
}

/** Chosen values that exist, with a count of none: they are shown even when nothing is left of them. */
function uncounted(known: Terms, chosen: readonly string[], keyParts: number): Terms {
  const wanted = new Set(chosen);
  return known.filter(({ key }) => wanted.has(key.split(PART).slice(0, keyParts).join(PART))).map(({ key }) => ({ key, doc_count: 0 }));
}

function chosenLabels(dimensions: readonly Dimension[]): Aggregations {
  const fields: Partial<Record<Dimension['facet'], string>> = {
    category: 'category_label',
    brand: 'brand_label',
    attribute: 'attribute_label',
  };
  const chosen = dimensions.flatMap(({ facet, values }) => {
    const field = fields[facet];
    return field === undefined ? [] : [{ field, values }];
  });
  if (chosen.length === 0) return {};
  const aggs = Object.fromEntries(
    chosen.map(({ field, values }, at) => [
      `chosen_${at}`,
      { terms: { field, size: MAX_VALUES, include: values.map((value) => `${literal(value)}${PART}.*`).join('|') } },
    ]),
  );
  return { chosen: { global: {}, aggs: { published: { filter: published, aggs } } } };
}

function chosenTerms(found: unknown): Terms {
  const published = z.looseObject({ published: z.record(z.string(), z.unknown()) }).safeParse(found);
  if (!published.success) return [];
  return Object.values(published.data.published).flatMap((value) => terms.safeParse(value).data?.buckets ?? []);
}

function attributeLabels(size: number, begin?: string): Aggregations {
  return { values: labels('attribute_label', size, begin), names: labels('attribute_name', 200, begin) };
}

function labels(field: string, size: number, begin?: string): estypes.AggregationsAggregationContainer {
  return { terms: { field, size, ...(begin !== undefined && { include: `${literal(begin)}.*` }) } };
}

/** For Lucene's regular expressions. */
export function literal(text: string): string {
  return text.replace(/[.?+*|{}[\]()"\\#@&<>~^$-]/g, (character) => `\\${character}`);
}

function nameIn(values: Terms | undefined): string {
  return values?.[0]?.key.split(PART)[2] ?? '';
}
