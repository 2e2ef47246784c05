import type { CatalogStore, CatalogStoreOptions } from './catalog-store.js';
import { openMongoCatalog } from './mongodb/mongo-catalog.js';
import { openPostgresCatalog } from './postgres/postgres-catalog.js';

/** Which store it is says the URL. Throws RangeError for one of another kind. */
export function openCatalogStore(options: CatalogStoreOptions): Promise<CatalogStore> {
  // An address of MongoDB may name several servers, which makes it no URL in the strict sense.
  const scheme = /^[a-z+]+(?=:)/.exec(options.url)?.[0] ?? 'nothing that has a name';
  if (/^postgres(ql)?$/.test(scheme)) return openPostgresCatalog(options);
  if (/^mongodb(\+srv)?$/.test(scheme)) return openMongoCatalog(options);
  throw new RangeError(`The catalog cannot be stored in ${scheme}`);
}
