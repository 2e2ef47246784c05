import type { Amount } from '@shop/platform/money';

/** One product of a file, in the shop's terms. */
export interface SourceProduct {
  slug: string;
  name: string;
  /** Simple, safe HTML. */
  description: string;
  brand: string | null;
  status: 'PUBLISHED' | 'DRAFT' | 'ARCHIVED';
  categoryPaths: string[][];
  images: { url: string; alt: string }[];
  attributes: { name: string; value: string }[];
  options: { name: string; values: string[] }[];
  variants: SourceVariant[];
}

export interface SourceVariant {
  sku: string;
  name: string;
  optionValues: { name: string; value: string }[];
  price: Amount;
  compareAtPrice: Amount | null;
  weightGrams: number;
  /** How many are there; null when the file does not say. */
  stock: number | null;
}

/** What is read from a file, in its order: products, and rows that cannot be used. `line` counts from 1. */
export type SourceItem = { kind: 'product'; line: number; product: SourceProduct } | { kind: 'problem'; line: number; message: string };

/** Lower case letters, digits and single hyphens; the empty text when nothing of that is left. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 120);
}

/** A SKU for a variant that has none: the product's handle and the option values, always the same for the same row. */
export function skuOf(slug: string, optionValues: readonly { value: string }[]): string {
  return [slug, ...optionValues.map(({ value }) => slugOf(value))].filter(Boolean).join('-').toUpperCase().slice(0, 100);
}

export function variantNameOf(optionValues: readonly { value: string }[]): string {
  return optionValues.map(({ value }) => value).join(' / ') || 'Standard';
}
