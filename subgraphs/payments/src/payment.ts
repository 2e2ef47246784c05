import type { Amount } from '@shop/platform/money';
import type { PaymentStatus } from './payment-status.js';

/** All that is kept of a card. */
export interface CardSummary {
  brand: string;
  last4: string;
  expiryMonth: number | null;
  expiryYear: number | null;
}

/** One giving back of money. `pending`: asked of the provider, and reserved, so that refunds together never exceed what was captured. */
export interface Refund {
  id: string;
  amountMinor: number;
  status: 'pending' | 'done' | 'refused';
  reason: string;
  providerRefundId: string | null;
}

/** A payment as decisions see it. Amounts in minor units of `amount.currency`. Never changed in place. */
export interface Payment {
  id: string;
  status: PaymentStatus;
  amount: Amount;
  capturedMinor: number;
  refunds: readonly Refund[];
  /** Why it has to be undone; null while nobody asked for that. */
  voidReason: string | null;
  /** The provider's name for it; null until the provider told. */
  providerId: string | null;
  method: CardSummary | null;
  nextActionUrl: string | null;
  decline: { code: string; message: string } | null;
}

/** Something that a command asks for, or that the provider told: as an answer or in a webhook, it makes no difference. */
export type News =
  | { kind: 'capture-requested' }
  /** `isUnsent`: the provider was never asked to authorise and won't be any more. */
  | { kind: 'void-requested'; reason: string; isUnsent: boolean }
  | { kind: 'refund-requested'; refundId: string; amountMinor: number; reason: string }
  | ProviderNews;

export type ProviderNews =
  | { kind: 'authorized'; providerId: string; method: CardSummary | null }
  | { kind: 'action-required'; providerId: string; nextActionUrl: string }
  | { kind: 'declined'; providerId: string | null; code: string; message: string; method: CardSummary | null }
  /** The provider refuses our request itself; nothing was asked of the card's issuer. */
  | { kind: 'failed'; code: string; message: string }
  | { kind: 'captured'; providerId: string; amountMinor: number; method: CardSummary | null }
  | { kind: 'voided'; providerId: string }
  /** `refundId` null: not made by us, e.g. on the provider's own pages. */
  | { kind: 'refunded'; refundId: string | null; providerRefundId: string; amountMinor: number }
  | { kind: 'refund-refused'; refundId: string };

/** What others have to hear. Amounts in minor units. */
export type Fact =
  | { kind: 'authorized' }
  | { kind: 'action-required'; nextActionUrl: string }
  | { kind: 'declined'; code: string; message: string }
  | { kind: 'captured' }
  | { kind: 'voided'; reason: string }
  | { kind: 'refunded'; amountMinor: number; reason: string };

/** What has to be asked of the provider next. */
export type NextCall = { kind: 'capture' } | { kind: 'void' } | { kind: 'refund'; refundId: string };

/** One booking of the ledger; its entries add up to zero. `id` is the same whenever the same thing is booked. */
export interface Booking {
  id: string;
  entries: readonly { account: 'provider_receivable' | 'customer'; amountMinor: number }[];
}

export type IgnoredReason =
  | 'nothing-new'
  | 'not-authorized'
  | 'void-requested-before'
  | 'not-refundable'
  | 'unknown-refund'
  | 'money-was-taken'
  | 'more-than-captured'
  | 'over-already';

export const refundedMinor = ({ refunds }: Payment): number => sumOf(refunds, 'done');

/** Captured, not given back and not about to be. */
export const refundableMinor = (payment: Payment): number =>
  payment.capturedMinor - refundedMinor(payment) - sumOf(payment.refunds, 'pending');

const sumOf = (refunds: readonly Refund[], status: Refund['status']): number =>
  refunds.reduce((total, refund) => (refund.status === status ? total + refund.amountMinor : total), 0);
