import { Category } from './category.entity.js';
import { CreateCatalog } from './migrations/create-catalog.js';
import { Product } from './product.entity.js';

/** What this subgraph stores, and how its tables came to be. */
export const catalogStore = { entities: [Product, Category], migrations: [CreateCatalog] };
