import type { Amount } from '@shop/platform/money';
import { hasScope, type Viewer } from '@shop/platform/viewer';
import type { Attribute, MediaAsset, Product, ProductOption, ProductStatus, TaxClass, VariantRecord } from './product.entity.js';

/** What people write of a product; everything else in the document follows from it. */
export interface ProductContent {
  slug: string;
  name: string;
  /** Plain text. */
  description: string;
  brand: string | null;
  status: ProductStatus;
  taxClass: TaxClass;
  categoryIds: string[];
  images: MediaAsset[];
  attributes: Attribute[];
  options: ProductOption[];
  variants: VariantRecord[];
}

/** The columns that people write, or that follow from what they write. */
export type ProductDocument = Omit<Product, '_id' | 'version' | 'publishedVersion' | 'createdAt' | 'updatedAt'>;

/** The document of a content. All variants have the same currency: validation saw to it. */
export function documentOf(content: ProductContent): ProductDocument {
  const { slug, name, description, brand, status, taxClass, categoryIds, images, attributes, options, variants } = content;
  const { min, max } = priceRange(variants);
  return {
    slug,
    name,
    description,
    brand,
    status,
    taxClass,
    categoryIds,
    images,
    attributes,
    options,
    variantRecords: variants,
    skus: variants.map(({ sku }) => sku),
    variantIds: variants.map(({ id }) => id),
    currency: min.currency,
    minPriceMinor: min.amountMinor,
    maxPriceMinor: max.amountMinor,
    nameKey: name.toLowerCase(),
  };
}

export function contentOf(product: ProductDocument): ProductContent {
  const { slug, name, description, brand, status, taxClass, categoryIds, images, attributes, options, variantRecords } = product;
  return { slug, name, description, brand, status, taxClass, categoryIds, images, attributes, options, variants: variantRecords };
}

/** Lowest and highest price. Throws RangeError without a variant. */
export function priceRange(variants: readonly { price: Amount }[]): { min: Amount; max: Amount } {
  const [first, ...others] = variants.map(({ price }) => price);
  if (!first) throw new RangeError('A product has at least one variant.');
  return {
    min: others.reduce((low, price) => (price.amountMinor < low.amountMinor ? price : low), first),
    max: others.reduce((high, price) => (price.amountMinor > high.amountMinor ? price : high), first),
  };
}

/** Drafts and archived products exist for staff only. */
export function isVisible({ status }: { status: ProductStatus }, viewer: Viewer): boolean {
  return status === 'PUBLISHED' || readsAllProducts(viewer);
}

export function readsAllProducts(viewer: Viewer): boolean {
  return hasScope(viewer, 'catalog:read-all');
}

/** True when nothing a reader could notice differs. The order of an object's fields is no difference: stores may change it. */
export function sameContent(a: ProductContent, b: ProductContent): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
