import type { PictureKind } from './picture-shapes.js';

/** Option names with the values to choose from, in the order in which variants are made. */
export type OptionTable = Readonly<Record<string, readonly string[]>>;

/** Attribute names with the values that a product may have. */
export type FactTable = Readonly<Record<string, readonly string[]>>;

/** Sentences of descriptions. `{a thing}`, `{thing}`, `{series}`, `{brand}`, `{fact}` (the first attribute) and verbs are replaced. */
export interface Voice {
  openings: readonly string[];
  details: readonly string[];
  closings: readonly string[];
}

/** The lowest level of the tree: one kind of product. */
export interface Shelf {
  name: string;
  /** What is sold here. `{series}` in it is replaced; else the series comes before it. */
  things: readonly string[];
  picture: PictureKind;
  /** Price in whole euros, from and to. */
  euros: readonly [number, number];
  grams: readonly [number, number];
  /** What descriptions call it; the thing itself when left out. */
  noun?: string;
  options?: OptionTable;
  facts?: FactTable;
  /** The department's facts say nothing about this shelf. */
  ownFactsOnly?: true;
  voice?: Partial<Voice>;
}

export interface Group {
  name: string;
  shelves: readonly Shelf[];
  options?: OptionTable;
  facts?: FactTable;
  voice?: Partial<Voice>;
}

/** The top level: one voice, one set of makers. */
export interface Department extends Voice {
  name: string;
  brands: readonly string[];
  series: readonly string[];
  taxClass: 'STANDARD' | 'REDUCED';
  facts?: FactTable;
  groups: readonly Group[];
}

export const colours = [
  'Black',
  'White',
  'Navy',
  'Sage',
  'Terracotta',
  'Sand',
  'Plum',
  'Sky',
  'Mustard',
  'Forest',
  'Charcoal',
  'Rose',
] as const;
