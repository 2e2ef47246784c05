import { newId } from '@shop/platform/ids';
import type { CatalogServices } from './context.js';
import type { Product } from './product.entity.js';
import { newProduct } from './product-writing.js';
import { contentOf, documentOf, sameContent, type ProductContent } from './product.js';
import { optionsOf } from './product-rules.js';
import type { WriteOutcome } from './product.store.js';
import { importRule, type ImportedProduct } from './write-rules.js';

export type ImportOutcome =
  | { kind: 'created' | 'updated' | 'unchanged'; slug: string; productId: string; version: number }
  | { kind: 'refused'; slug: string; reason: string };

/**
 * Creates the product or replaces the one of the same slug, whoever wrote it; missing categories are made. Safe to repeat: the same
 * content makes no new version. A refusal changes nothing of the product.
 */
export async function importProduct(services: CatalogServices, input: { slug: string }): Promise<ImportOutcome> {
  const { slug } = input;
  const checked = importRule.safeParse(input);
  if (!checked.success)
    return { kind: 'refused', slug, reason: checked.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ') };
  const categoryIds = await categoriesAt(services, checked.data.categoryPaths);
  for (let tries = 1; tries <= 5; tries++) {
    const outcome = await upsert(services, checked.data, categoryIds);
    if (outcome.kind !== 'overtaken') return outcome;
  }
  return { kind: 'refused', slug, reason: 'others keep changing this product' };
}

async function categoriesAt({ categories }: CatalogServices, paths: readonly string[][]): Promise<string[]> {
  const ids = new Set<string>();
  for (const path of paths) ids.add((await categories.ensurePath(path))._id);
  return [...ids];
}

async function upsert(
  services: CatalogServices,
  input: ImportedProduct,
  categoryIds: string[],
): Promise<ImportOutcome | { kind: 'overtaken' }> {
  const { products, clock } = services;
  const [existing] = await products.find({ slugs: [input.slug] });
  const content = contentOfImport(input, categoryIds, existing);
  if (!existing) {
    const product = newProduct(content, clock.now());
    return outcomeOf(services, await products.insert(product), { kind: 'created', slug: input.slug, productId: product._id, version: 1 });
  }
  const known = { slug: input.slug, productId: existing._id };
  if (sameContent(contentOf(existing), content)) return { kind: 'unchanged', ...known, version: existing.version };
  const outcome = await products.replace(existing._id, existing.version, documentOf(content), clock.now());
  return outcomeOf(services, outcome, { kind: 'updated', ...known, version: existing.version + 1 });
}

function outcomeOf(services: CatalogServices, outcome: WriteOutcome, success: ImportOutcome): ImportOutcome | { kind: 'overtaken' } {
  switch (outcome.kind) {
    case 'written':
      services.productWritten();
      return success;
    case 'skus-taken':
      return { kind: 'refused', slug: success.slug, reason: `another product has the SKU ${outcome.skus.join(', ')}` };
    case 'version-differs':
    case 'slug-taken':
      return { kind: 'overtaken' };
    default:
      return outcome satisfies never;
  }
}

/** A variant keeps its id as long as its SKU stays. */
function contentOfImport(input: ImportedProduct, categoryIds: string[], existing: Product | undefined): ProductContent {
  const { categoryPaths: _named, options, variants, ...facts } = input;
  const ids = new Map(existing?.variantRecords.map(({ sku, id }) => [sku, id]));
  return {
    ...facts,
    categoryIds,
    options: options ?? optionsOf(variants),
    variants: variants.map((variant) => ({ id: ids.get(variant.sku) ?? newId(), ...variant })),
  };
}
