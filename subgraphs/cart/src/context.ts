import type { Clock } from '@shop/platform/clock';
import type { RequestContext } from '@shop/platform/request-context';
import type { CartStore } from './cart-store.js';
import type { CartWatch } from './cart-watch.js';
import type { Catalog } from './catalog.js';
import type { StockView } from './stock-view.js';

export interface CartServices {
  carts: CartStore;
  catalog: Catalog;
  stock: StockView;
  watch: CartWatch;
  clock: Clock;
  /** Taxes and delivery of a cart without an address, ISO 3166-1 alpha-2. */
  defaultCountry: string;
  /** Of an empty cart, ISO 4217. */
  defaultCurrency: string;
}

export interface CartContext extends RequestContext, CartServices {}
