import type { IndexedProduct } from './product-index.js';
import { Spellings } from './spellings.js';

/** The numbers of the two facets that every shop has; the ones above are attributes and options. */
export const CATEGORY_FACET = 0;
export const BRAND_FACET = 1;

interface FacetValue {
  facet: number;
  /** What it compares by: a slug, or the value in lower case. */
  key: string;
  labels: Spellings;
}

interface FacetName {
  names: Spellings;
  values: Map<string, number>;
}

interface NamedValue {
  facet: number;
  name: string;
  key: string;
  label: string;
}

/** Gives every facet and every value of it a small number, so that counting is adding up in an array. */
export class FacetDictionary {
  readonly #facets: FacetName[] = [];
  readonly #facetByKey = new Map<string, number>();
  readonly #values: FacetValue[] = [];
  /** The facet of each value number. */
  readonly facetOfValue: number[] = [];

  constructor() {
    for (const name of ['category', 'brand']) this.#facets.push({ names: spelled(name), values: new Map() });
  }

  get facetCount(): number {
    return this.#facets.length;
  }

  get valueCount(): number {
    return this.#values.length;
  }

  /** The numbers of the product's values, those of one facet next to each other, each once. */
  add(product: IndexedProduct): number[] {
    const numbers = this.#namedValues(product).map((named) => {
      const number = this.#numberOf(named);
      this.#values[number]?.labels.add(named.label);
      this.#facets[named.facet]?.names.add(named.name);
      return number;
    });
    return numbers.sort((a, b) => (this.facetOfValue[a] ?? 0) - (this.facetOfValue[b] ?? 0) || a - b);
  }

  /** Takes back one `add` of the same product. */
  release(product: IndexedProduct): void {
    for (const named of this.#namedValues(product)) {
      this.#values[this.#numberOf(named)]?.labels.release(named.label);
      this.#facets[named.facet]?.names.release(named.name);
    }
  }

  /** The facet of an attribute or option, in any case; undefined when no product ever had it. */
  attributeFacet(name: string): number | undefined {
    return this.#facetByKey.get(keyOf(name));
  }

  valueOf(facet: number, text: string): number | undefined {
    return this.#facets[facet]?.values.get(facet === CATEGORY_FACET ? text : keyOf(text));
  }

  nameOf(facet: number): string {
    return this.#facets[facet]?.names.preferred() ?? '';
  }

  /** How a bucket shows a value, and what a filter takes for it. */
  describe(value: number): { value: string; label: string; uses: number } {
    const { facet, key, labels } = this.#values[value] ?? { facet: -1, key: '', labels: new Spellings() };
    const label = labels.preferred() || key;
    return { value: facet === CATEGORY_FACET ? key : label, label, uses: labels.uses };
  }

  /** The values of a facet that some product has now. */
  valuesOf(facet: number): { value: string; label: string; uses: number }[] {
    return [...(this.#facets[facet]?.values.values() ?? [])].map((value) => this.describe(value)).filter(({ uses }) => uses > 0);
  }

  #numberOf({ facet, key }: NamedValue): number {
    const values = this.#facets[facet]?.values;
    const known = values?.get(key);
    if (known !== undefined) return known;
    values?.set(key, this.#values.length);
    this.facetOfValue.push(facet);
    return this.#values.push({ facet, key, labels: new Spellings() }) - 1;
  }

  #namedValues({ categories, brand, attributes, options }: IndexedProduct): NamedValue[] {
    const pairs = [...attributes, ...options.flatMap(({ name, values }) => values.map((value) => ({ name, value })))];
    const named = [
      ...categories.map(({ slug, name }) => ({ facet: CATEGORY_FACET, name: 'category', key: slug, label: name })),
      ...(brand === null ? [] : [{ facet: BRAND_FACET, name: 'brand', key: keyOf(brand), label: brand }]),
      ...pairs.map(({ name, value }) => ({ facet: this.#openAttributeFacet(name), name, key: keyOf(value), label: value })),
    ];
    const seen = new Set<string>();
    return named.filter(({ facet, key }) => !seen.has(`${facet} ${key}`) && seen.add(`${facet} ${key}`));
  }

  #openAttributeFacet(name: string): number {
    const known = this.#facetByKey.get(keyOf(name));
    if (known !== undefined) return known;
    const facet = this.#facets.push({ names: new Spellings(), values: new Map() }) - 1;
    this.#facetByKey.set(keyOf(name), facet);
    return facet;
  }
}

/** What names and values compare by: no case, no blanks around. */
export function keyOf(text: string): string {
  return text.trim().normalize('NFKC').toLowerCase();
}

function spelled(name: string): Spellings {
  const spellings = new Spellings();
  spellings.add(name);
  return spellings;
}
