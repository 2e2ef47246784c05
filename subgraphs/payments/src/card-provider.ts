import type { Amount } from '@shop/platform/money';
import type { CardSummary } from './payment.js';

/** What a provider said. `unknown`: no answer, or none that tells what happened; never to be taken for a failure, ask again by the same key. */
export type ProviderOutcome =
  | { kind: 'authorized'; providerId: string; method: CardSummary | null }
  | { kind: 'action-required'; providerId: string; nextActionUrl: string }
  | { kind: 'declined'; providerId: string | null; code: string; message: string; method: CardSummary | null }
  | { kind: 'captured'; providerId: string; amountMinor: number; method: CardSummary | null }
  | { kind: 'voided'; providerId: string }
  | { kind: 'refunded'; providerRefundId: string; amountMinor: number }
  /** The request itself is wrong: repeating it gives the same. */
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'unknown'; reason: string };

export interface AuthorizeRequest {
  /** The idempotency key; the same one, with the same request, may be sent any number of times. */
  key: string;
  orderId: string;
  paymentId: string;
  amount: Amount;
  paymentToken: string;
}

export interface FollowUpRequest {
  key: string;
  providerId: string;
}

export interface RefundRequest extends FollowUpRequest {
  orderId: string;
  paymentId: string;
  refundId: string;
  amountMinor: number;
}

/**
 * A payment provider. Nothing here throws for what a provider may say or fail to say: every outcome is data. Each call ends within the
 * provider's deadline and changes nothing when repeated with its key.
 */
export interface CardProvider {
  /** Sets the amount aside on the card, without taking it. */
  authorize(request: AuthorizeRequest): Promise<ProviderOutcome>;
  /** Takes the whole amount that was set aside. */
  capture(request: FollowUpRequest): Promise<ProviderOutcome>;
  /** Lets go what was set aside; answers `captured` when it is too late for that. */
  void(request: FollowUpRequest): Promise<ProviderOutcome>;
  refund(request: RefundRequest): Promise<ProviderOutcome>;
  /** What became of a payment, changing nothing; null when the provider never heard of it. */
  find(payment: { paymentId: string; providerId: string | null }): Promise<ProviderOutcome | null>;
}
