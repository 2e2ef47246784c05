import type { Amount } from '@shop/platform/money';
import { refundableMinor, type Payment } from './payment.js';
import { isCaptured, type PaymentStatus } from './payment-status.js';

export type RefundDecision =
  | { kind: 'refund'; amountMinor: number }
  | { kind: 'not-captured'; from: PaymentStatus }
  | { kind: 'other-currency'; currency: string }
  | { kind: 'exceeds'; refundable: Amount };

/** How much to give back. `asked` null: all that is left. Refunds under way count as given back. */
export function decideRefund(payment: Payment, asked: Amount | null): RefundDecision {
  const { currency } = payment.amount;
  if (asked && asked.currency !== currency) return { kind: 'other-currency', currency };
  if (!isCaptured(payment.status)) return { kind: 'not-captured', from: payment.status };
  const left = refundableMinor(payment);
  if (left <= 0 || (asked && asked.amountMinor > left))
    return { kind: 'exceeds', refundable: { amountMinor: Math.max(left, 0), currency } };
  return { kind: 'refund', amountMinor: asked?.amountMinor ?? left };
}
