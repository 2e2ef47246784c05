import { newId } from '@shop/platform/ids';
import type { Categories } from './category.store.js';
import type { CatalogServices } from './context.js';
import { Product, type ProductStatus } from './product.entity.js';
import { priceChange } from './price-change.js';
import { contentOf, documentOf, sameContent, type ProductContent } from './product.js';
import { optionsOf, type Problem } from './product-rules.js';
import type { WriteOutcome } from './product.store.js';
import type { NewProduct, PriceUpdate, ProductUpdate } from './write-rules.js';

/** The version of a product that its writer has read. */
export interface Expected {
  id: string;
  expectedVersion: number;
}

export type WriteResult =
  | { kind: 'written'; product: Product }
  | { kind: 'not-found' }
  | { kind: 'conflict'; currentVersion: number }
  | { kind: 'slug-taken'; slug: string }
  | { kind: 'invalid'; problems: Problem[] };

/** What a change makes of a content, or why it cannot. */
export type ChangedContent = { kind: 'changed'; content: ProductContent } | { kind: 'invalid'; problems: Problem[] };

/** A new product starts as a draft, at version 1. */
export async function createProduct(
  services: CatalogServices,
  { categorySlugs, options, variants, ...facts }: NewProduct,
): Promise<WriteResult> {
  const categories = await categoryIdsOf(services.categories, categorySlugs);
  if (categories.kind === 'invalid') return categories;
  const content: ProductContent = {
    ...facts,
    status: 'DRAFT',
    categoryIds: categories.ids,
    options: options ?? optionsOf(variants),
    variants: variants.map((variant) => ({ id: newId(), ...variant })),
  };
  const product = newProduct(content, services.clock.now());
  return written(services, await services.products.insert(product), product);
}

/** Facts only; prices and status have steps of their own. */
export async function updateProduct(services: CatalogServices, expected: Expected, update: ProductUpdate): Promise<WriteResult> {
  const { categorySlugs, ...facts } = update;
  const categories = categorySlugs == null ? null : await categoryIdsOf(services.categories, categorySlugs);
  if (categories?.kind === 'invalid') return categories;
  return changeProduct(services, expected, (content) => ({
    kind: 'changed',
    content: {
      ...content,
      name: facts.name ?? content.name,
      description: facts.description ?? content.description,
      brand: facts.brand === undefined ? content.brand : facts.brand,
      taxClass: facts.taxClass ?? content.taxClass,
      attributes: facts.attributes ?? content.attributes,
      images: facts.images ?? content.images,
      categoryIds: categories?.ids ?? content.categoryIds,
    },
  }));
}

/** New prices of some variants, all or none. */
export function setPrices(services: CatalogServices, expected: Expected, { prices }: PriceUpdate): Promise<WriteResult> {
  return changeProduct(services, expected, (content) => priceChange(content, prices));
}

export function setStatus(services: CatalogServices, expected: Expected, status: ProductStatus): Promise<WriteResult> {
  return changeProduct(services, expected, (content) => ({ kind: 'changed', content: { ...content, status } }));
}

/** A product at its first version. */
export function newProduct(content: ProductContent, now: Date): Product {
  const marks = { _id: newId(), version: 1, publishedVersion: 0, createdAt: now, updatedAt: now };
  return Object.assign(new Product(), documentOf(content), marks);
}

/** The next version of a product, as it will be read. */
function nextVersion(product: Product, content: ProductContent, now: Date): Product {
  const { _id, publishedVersion, createdAt, version } = product;
  return Object.assign(new Product(), documentOf(content), { _id, publishedVersion, createdAt, version: version + 1, updatedAt: now });
}

/** One conditional write. A change that changes nothing makes no new version. */
async function changeProduct(
  services: CatalogServices,
  { id, expectedVersion }: Expected,
  change: (content: ProductContent) => ChangedContent,
): Promise<WriteResult> {
  const { products, clock } = services;
  const [product] = await products.find({ ids: [id] });
  if (!product) return { kind: 'not-found' };
  if (product.version !== expectedVersion) return { kind: 'conflict', currentVersion: product.version };
  const before = contentOf(product);
  const after = change(before);
  if (after.kind === 'invalid') return after;
  if (sameContent(before, after.content)) return { kind: 'written', product };
  const now = clock.now();
  const outcome = await products.replace(id, expectedVersion, documentOf(after.content), now);
  return written(services, outcome, nextVersion(product, after.content, now));
}

async function written(services: CatalogServices, outcome: WriteOutcome, product: Product): Promise<WriteResult> {
  switch (outcome.kind) {
    case 'written':
      services.productWritten();
      return { kind: 'written', product };
    case 'slug-taken':
      return { kind: 'slug-taken', slug: product.slug };
    case 'skus-taken':
      return { kind: 'invalid', problems: takenSkus(product, outcome.skus) };
    case 'version-differs': {
      const [current] = await services.products.find({ ids: [product._id] });
      return current ? { kind: 'conflict', currentVersion: current.version } : { kind: 'not-found' };
    }
    default:
      return outcome satisfies never;
  }
}

function takenSkus({ skus }: Product, taken: readonly string[]): Problem[] {
  return taken.map((sku) => ({ path: ['variants', skus.indexOf(sku), 'sku'], message: `another product has the SKU ${sku}` }));
}

type CategoryIds = { kind: 'found'; ids: string[] } | { kind: 'invalid'; problems: Problem[] };

async function categoryIdsOf(categories: Categories, slugs: readonly string[]): Promise<CategoryIds> {
  const cached = await categories.tree();
  const tree = slugs.every((slug) => cached.bySlug(slug)) ? cached : await categories.freshTree();
  const problems = slugs.flatMap((slug, index): Problem[] =>
    tree.bySlug(slug) ? [] : [{ path: ['categorySlugs', index], message: `there is no category ${slug}` }],
  );
  if (problems.length > 0) return { kind: 'invalid', problems };
  return { kind: 'found', ids: [...new Set(slugs.flatMap((slug) => tree.bySlug(slug)?._id ?? []))] };
}
