/** A condition that a document meets or not; no value in it is a regular expression (see `checkedFilter`). */
export type Filter = Readonly<Record<string, unknown>>;

export interface IndexDeclaration {
  collection: 'product' | 'category';
  name: string;
  /** In order; 1 rising, -1 falling. */
  key: Readonly<Record<string, 1 | -1>>;
  unique?: true;
}

/** Every index; `migrate` makes them and verifies that they are as they stand here. */
export const INDEXES: readonly IndexDeclaration[] = [
  { collection: 'category', name: 'category_slug', key: { slug: 1 }, unique: true },
  { collection: 'product', name: 'product_slug', key: { slug: 1 }, unique: true },
  // Over an array: no SKU belongs to two products.
  { collection: 'product', name: 'product_skus', key: { skus: 1 }, unique: true },
  { collection: 'product', name: 'product_variant_ids', key: { variantIds: 1 } },
  { collection: 'product', name: 'product_category_ids', key: { categoryIds: 1 } },
  { collection: 'product', name: 'product_newest', key: { status: 1, createdAt: -1, _id: -1 } },
  // Of every status, for staff and for the rebuild of search.
  { collection: 'product', name: 'product_newest_of_all', key: { createdAt: -1, _id: -1 } },
  { collection: 'product', name: 'product_by_name', key: { status: 1, nameKey: 1, _id: 1 } },
  { collection: 'product', name: 'product_by_price', key: { status: 1, minPriceMinor: 1, _id: 1 } },
  { collection: 'product', name: 'product_by_brand', key: { brand: 1 } },
  { collection: 'product', name: 'product_updated_at', key: { updatedAt: 1 } },
  // What is due has no `sent`.
  { collection: 'product', name: 'product_due', key: { sent: 1, updatedAt: 1 } },
];

/** What is to be seen of an index on a server. */
export interface FoundIndex {
  name?: string | undefined;
  key: Readonly<Record<string, unknown>>;
  unique?: boolean | undefined;
}

/** What differs between the declared indexes of a collection and those that are there. Indexes that nobody declared are nobody's fault. */
export function indexFaults(declared: readonly IndexDeclaration[], found: readonly FoundIndex[]): string[] {
  return declared.flatMap(({ collection, name, key, unique = false }) => {
    const there = found.find((index) => index.name === name);
    if (!there) return [`${collection} has no index ${name}`];
    const isSame = JSON.stringify(Object.entries(there.key)) === JSON.stringify(Object.entries(key)) && (there.unique ?? false) === unique;
    return isSame ? [] : [`${collection} has another index ${name} than ${JSON.stringify(key)}${unique ? ', unique' : ''}`];
  });
}

/**
 * The filter itself. Throws TypeError for a regular expression in it: servers differ in what one means to an index; `{ $regex: 'text' }` is
 * the same in all of them.
 */
export function checkedFilter<T extends Filter>(filter: T): T {
  refuseRegularExpressions(filter);
  return filter;
}

function refuseRegularExpressions(value: unknown): void {
  if (value instanceof RegExp) throw new TypeError('A filter takes no regular expression; write { $regex: … } with a text.');
  if (Array.isArray(value)) return value.forEach(refuseRegularExpressions);
  if (value !== null && typeof value === 'object' && !(value instanceof Date)) Object.values(value).forEach(refuseRegularExpressions);
}
