import type { Amount } from '@shop/platform/money';

export interface OrderedItem {
  name: string;
  quantity: number;
  unitPrice: Amount;
}

/** What there is to tell, topic by topic. */
export interface TopicFacts {
  welcome: { displayName: string };
  'order-confirmed': { orderNumber: string; items: OrderedItem[]; total: Amount };
  /** `reason`: OUT_OF_STOCK, PAYMENT_DECLINED, TIMED_OUT or one that is not known yet. */
  'order-rejected': { orderNumber: string; reason: string };
  'order-cancelled': { orderNumber: string };
  'order-shipped': { orderNumber: string; carrier: string; trackingNumber: string | null; items: OrderedItem[]; isPartial: boolean };
  'order-delivered': { orderNumber: string };
  'payment-action-required': { orderNumber: string };
  'payment-refunded': { orderNumber: string; amount: Amount };
}

export type Topic = keyof TopicFacts;

/** A message without its link: plain text, nothing in it is markup. */
export interface Draft {
  subject: string;
  paragraphs: string[];
  items?: string[];
  /** The words of the link. */
  action: string;
}

/** All messages in one language. `money` writes an amount for the reader. */
export type Wording = { [T in Topic]: (facts: TopicFacts[T], money: (amount: Amount) => string) => Draft };
