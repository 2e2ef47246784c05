import { productChanged } from '@shop/events/catalog';
import { stockChanged } from '@shop/events/inventory';
import type { EventContract, EventEnvelope } from '@shop/platform/event';
import { productOfEvent, stockOf } from './product-copy.js';
import type { ApplyOutcome, ProductIndex } from './product-index.js';

/** One event that search follows. No inbox: the version in the data tells what is old, so that it may come twice and in any order. */
export interface IndexSubscription {
  contract: { type: string };
  apply(event: EventEnvelope, index: ProductIndex): Promise<ApplyOutcome>;
}

export const subscriptions: readonly IndexSubscription[] = [
  applying(productChanged, (product, index) => index.upsert(productOfEvent(product))),
  applying(stockChanged, (stock, index) => index.applyStock(stockOf(stock))),
];

function applying<T>(contract: EventContract<T>, apply: (data: T, index: ProductIndex) => Promise<ApplyOutcome>): IndexSubscription {
  return { contract, apply: (event, index) => apply(contract.data.parse(event.data), index) };
}
