import { equalAmounts, type Amount } from '@shop/platform/money';
import type { OrderContent } from './order-content.js';

/** The cart as cart prices it at this moment; amounts in minor units. */
export interface CartQuote extends Omit<OrderContent, 'shippingAddress' | 'deliveryOption'> {
  cartId: string;
  version: number;
  shippingAddress: OrderContent['shippingAddress'] | null;
  deliveryOption: OrderContent['deliveryOption'] | null;
  problems: QuoteProblem[];
}

export const CartProblemCode = {
  PRICE_CHANGED: 'PRICE_CHANGED',
  INSUFFICIENT_STOCK: 'INSUFFICIENT_STOCK',
  VARIANT_UNAVAILABLE: 'VARIANT_UNAVAILABLE',
  ADDRESS_MISSING: 'ADDRESS_MISSING',
  DELIVERY_MISSING: 'DELIVERY_MISSING',
} as const;

export type CartProblemCode = (typeof CartProblemCode)[keyof typeof CartProblemCode];

export interface QuoteProblem {
  code: CartProblemCode;
  message: string;
  lineId: string | null;
}

/** Whose order it becomes. */
export interface Buyer {
  /** null for a guest. */
  customerId: string | null;
  email: string;
  /** BCP 47; the language in which the buyer is written to. */
  locale: string;
}

export interface OrderDraft extends OrderContent, Buyer {
  cartId: string;
  cartVersion: number;
}

export type Placement =
  | { kind: 'placed'; draft: OrderDraft }
  | { kind: 'cart-empty' }
  | { kind: 'cart-not-ready'; problems: QuoteProblem[] }
  | { kind: 'price-changed'; expectedTotal: Amount; currentTotal: Amount };

/**
 * May this cart become an order at the total that the buyer saw? A price that moved is no obstacle as long as the total is the expected
 * one; every other problem of the cart is.
 */
export function place(quote: CartQuote, expectedTotal: Amount, buyer: Buyer): Placement {
  if (quote.lines.length === 0) return { kind: 'cart-empty' };
  const { cartId, version: cartVersion, lines, totals, shippingAddress, deliveryOption } = quote;
  const problems = obstacles(quote);
  if (problems.length > 0 || !shippingAddress || !deliveryOption) return { kind: 'cart-not-ready', problems };
  if (!equalAmounts(totals.total, expectedTotal)) return { kind: 'price-changed', expectedTotal, currentTotal: totals.total };
  return { kind: 'placed', draft: { ...buyer, cartId, cartVersion, lines, totals, shippingAddress, deliveryOption } };
}

function obstacles({ problems, shippingAddress, deliveryOption }: CartQuote): QuoteProblem[] {
  const found = problems.filter(({ code }) => code !== 'PRICE_CHANGED');
  const isNamed = (code: CartProblemCode) => found.some((problem) => problem.code === code);
  if (!shippingAddress && !isNamed('ADDRESS_MISSING'))
    found.push({ code: 'ADDRESS_MISSING', message: 'Say where it shall go.', lineId: null });
  if (!deliveryOption && !isNamed('DELIVERY_MISSING'))
    found.push({ code: 'DELIVERY_MISSING', message: 'Choose a delivery.', lineId: null });
  return found;
}
