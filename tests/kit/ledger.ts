import type { PaymentIntent } from '@shop/standalone/card-sandbox/payment-intent';
import { eventViolations } from './books/events.js';
import { moneyViolations } from './books/money.js';
import { orderViolations } from './books/orders.js';
import { stockViolations } from './books/stock.js';

export type BookName = 'users' | 'catalog' | 'cart' | 'orders' | 'payments' | 'inventory' | 'notifications';

/** What the card provider itself knows. */
export interface ProviderBooks {
  /** Newest first. */
  intents(): Promise<PaymentIntent[]>;
  /** Webhooks that the shop has not taken yet. */
  pendingWebhooks(): Promise<number>;
}

/** A whole shop whose books can be read: a `TestShop`, or a `ShopProcess` without the provider's own list. */
export interface Books {
  sql(subgraph: BookName, text: string): Promise<Record<string, unknown>[]>;
  settle?(): Promise<void>;
  readonly provider?: ProviderBooks;
  /** Consumers that know in another way what they have applied: carts in Redis remember it each for itself. */
  readonly withoutInbox?: readonly BookName[];
}

/**
 * What must hold of every shop that is quiet, whatever happened before: money and stock add up over all subgraphs and the provider, nothing
 * is stuck, and every event was applied once. Returns a sentence for each violation; `settle` runs first where there is one.
 */
export async function checkBooks(shop: Books): Promise<string[]> {
  await shop.settle?.();
  const violations = await Promise.all([moneyViolations(shop), orderViolations(shop), stockViolations(shop), eventViolations(shop)]);
  return violations.flat();
}
