import type { Subscription } from '@shop/platform/consumer';
import type { CatalogServices } from './context.js';

/** The catalog follows nobody: what it knows, people and importers tell it. */
export const subscriptions: readonly Subscription<CatalogServices>[] = [];
