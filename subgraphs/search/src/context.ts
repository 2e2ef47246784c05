import type { Clock } from '@shop/platform/clock';
import type { RequestContext } from '@shop/platform/request-context';
import type { ProductIndex } from './product-index.js';

/** What every resolver of search gets. */
export interface SearchContext extends RequestContext {
  /** The index, once it is complete; throws SERVICE_UNAVAILABLE until then. */
  completeIndex(): ProductIndex;
  clock: Clock;
}
