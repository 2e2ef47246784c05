import type { SeedCategory, SeedProduct } from '@shop/catalog/seed';
import { productPicture } from './product-picture.js';
import { sampleCategories } from './sample-categories.js';
import { sampleProducts, type PictureFacts, type SampleProduct } from './sample-products.js';

export interface SampleCatalogue {
  /** Parents before their children. */
  categories: SeedCategory[];
  products: SampleProduct[];
}

const SAMPLE_PRODUCTS = 2_000;
const SAMPLE_VARIANTS = 5_000;

/**
 * The demo's catalogue: 2,000 products with 5,000 variants on three levels of categories. The same in every run and on every machine.
 * Picture addresses are paths; the catalog completes them with the address that the shop has at the moment.
 */
export function sampleCatalogue(): SampleCatalogue {
  const { categories, places } = sampleCategories();
  return { categories, products: sampleProducts(places, SAMPLE_PRODUCTS, SAMPLE_VARIANTS) };
}

/** A sample product as the catalog takes it: what is drawn of it stays here. */
export function catalogued({ picture: _picture, ...product }: SampleProduct): SeedProduct {
  return product;
}

let pictures: Map<string, PictureFacts> | null = null;

/** The SVG behind `/media/products/<slug>.svg`; null when there is no such sample product. */
export function samplePicture(slug: string): string | null {
  pictures ??= new Map(sampleCatalogue().products.map((product) => [product.slug, product.picture]));
  const facts = pictures.get(slug);
  return facts ? productPicture(facts) : null;
}
