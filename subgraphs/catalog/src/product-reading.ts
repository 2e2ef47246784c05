import { batchedByRequest } from '@shop/platform/reference';
import type { CatalogContext } from './context.js';
import type { Product } from './product.entity.js';
import { isVisible } from './product.js';
import { variantsOf, type ProductVariant } from './variant.js';

/** Names an entity by one of its keys; unlike the bare values, no two kinds of key can be mistaken for each other. */
type Key = `${'id' | 'slug' | 'sku'}:${string}`;

/** The product as far as this viewer may see it: drafts and archived ones are missing. One statement for all of a request's turn. */
export function visibleProduct(key: { id?: string | null; slug?: string | null }, context: CatalogContext): Promise<Product | null> {
  return products(context).load(key.id != null ? `id:${key.id}` : `slug:${key.slug ?? ''}`);
}

/** The variant of a product that this viewer may see. One statement for all of a request's turn. */
export function visibleVariant(key: { id?: string | null; sku?: string | null }, context: CatalogContext): Promise<ProductVariant | null> {
  return variants(context).load(key.id != null ? `id:${key.id}` : `sku:${key.sku ?? ''}`);
}

const products = batchedByRequest(async (keys: readonly string[], { products: store, viewer }: CatalogContext) => {
  const found = await store.find({ ids: valuesOf('id', keys), slugs: valuesOf('slug', keys) });
  return new Map<string, Product>(
    found
      .filter((product) => isVisible(product, viewer))
      .flatMap((product): [Key, Product][] => [
        [`id:${product._id}`, product],
        [`slug:${product.slug}`, product],
      ]),
  );
});

const variants = batchedByRequest(async (keys: readonly string[], { products: store, viewer }: CatalogContext) => {
  const found = await store.find({ variantIds: valuesOf('id', keys), skus: valuesOf('sku', keys) });
  return new Map<string, ProductVariant>(
    found
      .filter((product) => isVisible(product, viewer))
      .flatMap(variantsOf)
      .flatMap((variant): [Key, ProductVariant][] => [
        [`id:${variant.id}`, variant],
        [`sku:${variant.sku}`, variant],
      ]),
  );
});

function valuesOf(kind: 'id' | 'slug' | 'sku', keys: readonly string[]): string[] {
  const prefix = `${kind}:`;
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}
