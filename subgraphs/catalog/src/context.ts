import type { Clock } from '@shop/platform/clock';
import type { RequestContext } from '@shop/platform/request-context';
import type { Categories } from './category.store.js';
import type { ProductStore } from './product.store.js';

export interface CatalogServices {
  products: ProductStore;
  clock: Clock;
  categories: Categories;
  mediaBaseUrl: string;
  /** Tells the relay that a product has a version that is not published yet. */
  productWritten(): void;
}

/** What every resolver of the catalog gets. */
export interface CatalogContext extends RequestContext, CatalogServices {}
