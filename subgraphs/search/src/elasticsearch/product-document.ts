import { keyOf } from '../facet-dictionary.js';
import { plainText } from '../plain-text.js';
import type { IndexedProduct } from '../product-index.js';
import { skuKey } from '../sku-ledger.js';
import { wordsOf } from '../text-analysis.js';

/** Parts the fields of one keyword; in no text that a person types. */
export const PART = '\u001f';

/** Of a currency that a field may be called by. */
const CURRENCY = /^[A-Z]{3}$/;

export function isCurrency(code: string): boolean {
  return CURRENCY.test(code);
}

/**
 * Room for changes of the stock between two versions of a product: those count the document's version up by one each, and still the next
 * version of the product is above them.
 */
const ROOM = 2 ** 20;

export function externalVersion(productVersion: number): number {
  return productVersion * ROOM;
}

/** The document of a findable product; of another one its version only. */
export function documentOf(product: IndexedProduct, isInStock: boolean): object {
  if (product.status !== 'PUBLISHED') return tombstone(product.id, product.version);
  return {
    id: product.id,
    slug: product.slug,
    version: product.version,
    published: true,
    in_stock: isInStock,
    created_at: product.createdAt.getTime(),
    ...textsOf(product),
    skus: [...new Set(product.variants.map(({ sku }) => skuKey(sku)))],
    ...facetsOf(product),
    ...pricesOf(product),
  };
}

export function tombstone(id: string, version: number): object {
  return { id, version, published: false, in_stock: false, skus: [] };
}

function textsOf({ name, brand, categories, attributes, options, description }: IndexedProduct) {
  const names = categories.map((category) => category.name);
  const facts = [...attributes.map(({ value }) => value), ...options.flatMap(({ values }) => values)];
  return {
    name,
    brand,
    categories: names,
    facts,
    description: plainText(description),
    words: [name, brand ?? '', ...names, ...facts],
    name_words: [...new Map(wordsOf(name).map(({ folded, text }) => [folded, `${folded}${PART}${text.toLowerCase()}`])).values()],
  };
}

function facetsOf({ brand, categories, attributes, options }: IndexedProduct) {
  const pairs = [...attributes, ...options.flatMap(({ name, values }) => values.map((value) => ({ name, value })))];
  const byKey = new Map(pairs.map(({ name, value }) => [[keyOf(name), keyOf(value)].join(PART), { name, value }] as const).toReversed());
  return {
    category: categories.map(({ slug }) => slug),
    category_label: categories.map(({ slug, name }) => [slug, name].join(PART)),
    brand_key: brand === null ? null : keyOf(brand),
    brand_label: brand === null ? null : [keyOf(brand), brand].join(PART),
    attribute: [...byKey.keys()],
    attribute_label: Array.from(byKey, ([key, { name, value }]) => [key, name, value].join(PART)),
    attribute_name: [...new Map(Array.from(byKey.values(), ({ name }) => [keyOf(name), [keyOf(name), name].join(PART)])).values()],
  };
}

function pricesOf({ variants }: IndexedProduct) {
  const priced = variants.map(({ price }) => price).filter(({ currency }) => isCurrency(currency));
  const groups = [...Map.groupBy(priced, ({ currency }) => currency)].sort(([a], [b]) => (a < b ? -1 : 1));
  const lists = groups.map(([currency, prices]) => [currency, prices.map(({ amountMinor }) => amountMinor).sort((a, b) => a - b)] as const);
  const [first] = lists;
  return {
    currency: lists.map(([currency]) => currency),
    prices: Object.fromEntries(lists),
    lowest: Object.fromEntries(lists.map(([currency, amounts]) => [currency, amounts[0]])),
    highest: Object.fromEntries(lists.map(([currency, amounts]) => [currency, amounts.at(-1)])),
    // A product without a price comes last.
    first_currency: first?.[0] ?? '~',
    first_lowest: first?.[1][0] ?? 0,
    first_highest: first?.[1].at(-1) ?? 0,
  };
}
