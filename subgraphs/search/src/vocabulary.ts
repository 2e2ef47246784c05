import SearchableMap from 'minisearch/SearchableMap';
import type { IndexedProduct } from './product-index.js';
import { Spellings } from './spellings.js';
import { wordsOf } from './text-analysis.js';

/** A word of the shop: folded, as it is mostly written, in how many products' names, brands, categories or values. */
export interface VocabularyWord {
  folded: string;
  text: string;
  uses: number;
}

interface Occurrences {
  anywhere: Spellings;
  inNames: Spellings;
}

/** The words that products are described with, descriptions left out: too many words there mean nothing. */
export class Vocabulary {
  readonly #words: SearchableMap<Occurrences> = new SearchableMap<Occurrences>();

  add(product: IndexedProduct): void {
    for (const [folded, word] of distinctWords(product)) {
      const occurrences = this.#words.fetch(folded, () => ({ anywhere: new Spellings(), inNames: new Spellings() }));
      occurrences.anywhere.add(word.text);
      if (word.isInName) occurrences.inNames.add(word.text);
    }
  }

  /** Takes back one `add` of the same product. */
  release(product: IndexedProduct): void {
    for (const [folded, word] of distinctWords(product)) {
      const occurrences = this.#words.get(folded);
      if (occurrences === undefined) continue;
      occurrences.anywhere.release(word.text);
      if (word.isInName) occurrences.inNames.release(word.text);
      if (occurrences.anywhere.uses === 0) this.#words.delete(folded);
    }
  }

  uses(folded: string): number {
    return this.#words.get(folded)?.anywhere.uses ?? 0;
  }

  hasPrefix(prefix: string): boolean {
    return this.#words.atPrefix(prefix).size > 0;
  }

  /** Words of product names that begin with the prefix, in no particular order. */
  nameWordsAt(prefix: string): VocabularyWord[] {
    return Array.from(this.#words.atPrefix(prefix), ([folded, { inNames }]) => asWord(folded, inNames)).filter((word) => word.uses > 0);
  }

  /** Words within so many insertions, deletions and replacements, each with its distance. */
  wordsNear(folded: string, maxDistance: number): { word: VocabularyWord; distance: number }[] {
    return Array.from(this.#words.fuzzyGet(folded, maxDistance), ([near, [{ anywhere }, distance]]) => ({
      word: asWord(near, anywhere),
      distance,
    }));
  }
}

function asWord(folded: string, spellings: Spellings): VocabularyWord {
  return { folded, text: spellings.preferred(), uses: spellings.uses };
}

function distinctWords(product: IndexedProduct): Map<string, { text: string; isInName: boolean }> {
  const distinct = new Map<string, { text: string; isInName: boolean }>();
  for (const text of [product.name, ...textsBesideName(product)]) {
    for (const word of wordsOf(text)) {
      if (!distinct.has(word.folded)) distinct.set(word.folded, { text: word.text.toLowerCase(), isInName: text === product.name });
    }
  }
  return distinct;
}

function textsBesideName({ brand, categories, attributes, options }: IndexedProduct): string[] {
  return [
    brand ?? '',
    ...categories.map((category) => category.name),
    ...attributes.map((attribute) => attribute.value),
    ...options.flatMap((option) => option.values),
  ];
}
