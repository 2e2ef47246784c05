import type { Database } from '@shop/platform/database';
import type { Rate, RateLimiter } from '@shop/platform/rate-limit';
import type { RequestContext } from '@shop/platform/request-context';
import type { Carts } from './cart.js';
import type { CheckoutServices } from './checkout-runner.js';
import type { OrderFeed } from './order-feed.js';
import type { Contacts } from './users.js';

export interface OrdersContext extends RequestContext {
  db: Database;
  services: CheckoutServices;
  carts: Carts;
  contacts: Contacts;
  feed: OrderFeed;
  orderTokenSecret: string;
  rateLimiter: RateLimiter;
  /** For each network address. */
  checkoutRate: Rate;
}
