import type { Category } from './category.entity.js';
import type { NewUnit } from './category.store.js';
import type { Product } from './product.entity.js';
import type { ProductStore } from './product.store.js';
import type { Database } from '@shop/platform/database';

/** What this subgraph stores, and where. */
export interface CatalogStore extends AsyncDisposable {
  products: ProductStore;
  /** For categories. */
  newUnit: NewUnit;
  /** The SQL database with the platform's tables, where there is one. */
  sql: Database | null;
  /** Makes tables or indexes where missing. Throws when those that are there are others. Safe to call from several processes at once. */
  migrate(): Promise<void>;
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
  /** Fills an empty store. Throws when a slug or SKU is there already. */
  seed(categories: readonly Category[], products: readonly Product[]): Promise<void>;
}

export interface CatalogStoreOptions {
  /** `postgresql://…` or `mongodb://…`, a database of its own. */
  url: string;
  /** Connections at most; 8. */
  poolSize?: number;
}
