import {
  refundableMinor,
  refundedMinor,
  type Booking,
  type Fact,
  type IgnoredReason,
  type News,
  type NextCall,
  type Payment,
  type Refund,
} from './payment.js';
import { canMove, isCaptured, type PaymentStatus } from './payment-status.js';

/** `payment` may hold more than before also when the news was ignored: late news still tell the card's brand. */
export type Advance =
  | { kind: 'advanced'; payment: Payment; facts: readonly Fact[]; bookings: readonly Booking[]; calls: readonly NextCall[] }
  | { kind: 'ignored'; payment: Payment; reason: IgnoredReason };

/**
 * The one place where a payment moves: news of a command, of an answer and of a webhook lead to the same state, in any order and any
 * number of times. Money that is held or taken although the payment has to be undone is let go or given back.
 */
export function advance(before: Payment, news: News): Advance {
  const payment = withDetails(before, news);
  switch (news.kind) {
    case 'authorized':
      return authorized(payment, before.providerId === null);
    case 'action-required':
      return actionRequired(payment, news.nextActionUrl);
    case 'declined':
    case 'failed':
      return declined(payment, news);
    case 'captured':
      return captured(payment, news.amountMinor);
    case 'voided':
      return voided(payment);
    case 'refunded':
      return refunded(payment, news);
    case 'refund-refused':
      return refundRefused(payment, news.refundId);
    case 'capture-requested':
      return captureRequested(payment);
    case 'void-requested':
      return voidRequested(payment, news);
    case 'refund-requested':
      return refundRequested(payment, news);
    default:
      return news satisfies never;
  }
}

function withDetails(payment: Payment, news: News): Payment {
  const providerId = payment.providerId ?? ('providerId' in news ? news.providerId : null);
  const method = payment.method ?? ('method' in news ? news.method : null);
  return providerId === payment.providerId && method === payment.method ? payment : { ...payment, providerId, method };
}

function authorized(payment: Payment, isNewToUs: boolean): Advance {
  switch (payment.status) {
    case 'CREATED':
    case 'REQUIRES_ACTION': {
      const held = { ...moved(payment, 'AUTHORIZED'), nextActionUrl: null };
      return payment.voidReason === null
        ? advanced(held, { facts: [{ kind: 'authorized' }] })
        : advanced(held, { calls: [{ kind: 'void' }] });
    }
    case 'DECLINED':
    case 'FAILED':
      return advanced(payment, { calls: [{ kind: 'void' }] });
    case 'VOIDED':
      // A void that the provider confirmed names its intent: then this is only late. Else money is held that nobody knows of.
      return isNewToUs ? advanced(payment, { calls: [{ kind: 'void' }] }) : ignored(payment, 'over-already');
    case 'AUTHORIZED':
    case 'CAPTURED':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDED':
      return ignored(payment, 'nothing-new');
    default:
      return payment.status satisfies never;
  }
}

function actionRequired(payment: Payment, nextActionUrl: string): Advance {
  if (payment.status !== 'CREATED') return ignored(payment, 'nothing-new');
  const waiting = { ...moved(payment, 'REQUIRES_ACTION'), nextActionUrl };
  if (payment.voidReason !== null) return advanced(waiting, { calls: [{ kind: 'void' }] });
  return advanced(waiting, { facts: [{ kind: 'action-required', nextActionUrl }] });
}

function declined(payment: Payment, { kind, code, message }: { kind: 'declined' | 'failed'; code: string; message: string }): Advance {
  const to = kind === 'declined' ? 'DECLINED' : 'FAILED';
  if (!canMove(payment.status, to)) return ignored(payment, 'over-already');
  const over = { ...moved(payment, to), nextActionUrl: null, decline: { code, message } };
  const answer: Fact[] = payment.voidReason === null ? [] : [{ kind: 'voided', reason: payment.voidReason }];
  return advanced(over, { facts: [{ kind: 'declined', code, message }, ...answer] });
}

function captured(payment: Payment, amountMinor: number): Advance {
  if (isCaptured(payment.status)) return ignored(payment, 'nothing-new');
  return undone(taken(payment, amountMinor));
}

type Step = Extract<Advance, { kind: 'advanced' }>;

/** The money is ours. News of that may overtake the news of the authorisation. */
function taken(payment: Payment, amountMinor: number): Step {
  const isEarly = payment.status === 'CREATED' || payment.status === 'REQUIRES_ACTION';
  const wasGivenUp = !isEarly && payment.status !== 'AUTHORIZED';
  const held = isEarly ? moved(payment, 'AUTHORIZED') : payment;
  const voidReason = payment.voidReason ?? (wasGivenUp ? 'captured after the payment had ended' : null);
  const facts: Fact[] = [...(isEarly && voidReason === null ? [{ kind: 'authorized' } as const] : []), { kind: 'captured' }];
  const after = { ...moved(held, 'CAPTURED'), capturedMinor: amountMinor, nextActionUrl: null, voidReason };
  return advanced(after, { facts, bookings: amountMinor === 0 ? [] : [transfer(`capture:${payment.id}`, amountMinor)] });
}

/** Gives back what is left when the payment has to be undone. One such refund a payment: a refused one needs a person. */
function undone(step: Step): Step {
  const { payment } = step;
  const amountMinor = refundableMinor(payment);
  const refundId = `${payment.id}:void`;
  if (payment.voidReason === null || amountMinor <= 0 || payment.refunds.some(({ id }) => id === refundId)) return step;
  const refund: Refund = { id: refundId, amountMinor, status: 'pending', reason: payment.voidReason, providerRefundId: null };
  return { ...step, payment: withRefund(payment, refund), calls: [...step.calls, { kind: 'refund', refundId }] };
}

function voided(payment: Payment): Advance {
  if (isCaptured(payment.status)) return ignored(payment, 'money-was-taken');
  if (!canMove(payment.status, 'VOIDED')) return ignored(payment, 'over-already');
  const reason = payment.voidReason ?? 'the authorisation has ended at the provider';
  return advanced({ ...moved(payment, 'VOIDED'), nextActionUrl: null }, { facts: [{ kind: 'voided', reason }] });
}

function refunded(
  payment: Payment,
  { refundId, providerRefundId, amountMinor }: { refundId: string | null; providerRefundId: string; amountMinor: number },
): Advance {
  const known = payment.refunds.find((refund) => refund.id === refundId || refund.providerRefundId === providerRefundId);
  if (known?.status === 'done') return ignored(payment, 'nothing-new');
  // Only what was taken can be given back: news of the refund may overtake the news of the capture.
  const start = isCaptured(payment.status) ? advanced(payment, {}) : taken(payment, payment.amount.amountMinor);
  const id = known?.id ?? refundId ?? providerRefundId;
  const reason = known?.reason ?? start.payment.voidReason ?? 'refunded at the provider';
  const changed = withRefund(start.payment, { id, amountMinor, status: 'done', reason, providerRefundId });
  // More than was ever taken: a contradiction of the provider's own words, for a person to look at.
  if (refundedMinor(changed) > changed.capturedMinor) return ignored(payment, 'more-than-captured');
  const to = refundedMinor(changed) === changed.capturedMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  return undone({
    ...start,
    payment: moved(changed, to),
    facts: [...start.facts, { kind: 'refunded', amountMinor, reason }],
    bookings: [...start.bookings, transfer(`refund:${id}`, -amountMinor)],
  });
}

function refundRefused(payment: Payment, refundId: string): Advance {
  const refund = payment.refunds.find(({ id }) => id === refundId);
  if (!refund) return ignored(payment, 'unknown-refund');
  if (refund.status !== 'pending') return ignored(payment, 'nothing-new');
  return advanced(withRefund(payment, { ...refund, status: 'refused' }), {});
}

function captureRequested(payment: Payment): Advance {
  if (isCaptured(payment.status)) return ignored(payment, 'nothing-new');
  if (payment.voidReason !== null) return ignored(payment, 'void-requested-before');
  if (payment.status !== 'AUTHORIZED') return ignored(payment, 'not-authorized');
  return advanced(payment, { calls: [{ kind: 'capture' }] });
}

function voidRequested(payment: Payment, { reason, isUnsent }: { reason: string; isUnsent: boolean }): Advance {
  if (payment.voidReason !== null) return ignored(payment, 'void-requested-before');
  const marked = { ...payment, voidReason: reason };
  switch (payment.status) {
    case 'CREATED':
      // While the provider has not answered there may be an authorisation: it is voided once the answer is there.
      return isUnsent ? advanced(moved(marked, 'VOIDED'), { facts: [{ kind: 'voided', reason }] }) : advanced(marked, {});
    case 'REQUIRES_ACTION':
    case 'AUTHORIZED':
      return advanced(marked, { calls: [{ kind: 'void' }] });
    case 'CAPTURED':
    case 'PARTIALLY_REFUNDED':
      return undone(advanced(marked, {}));
    case 'REFUNDED':
      return advanced(marked, { facts: [{ kind: 'refunded', amountMinor: 0, reason }] });
    case 'VOIDED':
    case 'DECLINED':
    case 'FAILED':
      return advanced(marked, { facts: [{ kind: 'voided', reason }] });
    default:
      return payment.status satisfies never;
  }
}

function refundRequested(
  payment: Payment,
  { refundId, amountMinor, reason }: { refundId: string; amountMinor: number; reason: string },
): Advance {
  if (payment.refunds.some(({ id }) => id === refundId)) return ignored(payment, 'nothing-new');
  if (amountMinor <= 0 || amountMinor > refundableMinor(payment)) return ignored(payment, 'not-refundable');
  const refund: Refund = { id: refundId, amountMinor, status: 'pending', reason, providerRefundId: null };
  return advanced(withRefund(payment, refund), { calls: [{ kind: 'refund', refundId }] });
}

function moved(payment: Payment, to: PaymentStatus): Payment {
  if (!canMove(payment.status, to)) throw new Error(`Payment ${payment.id} cannot move from ${payment.status} to ${to}.`);
  return { ...payment, status: to };
}

const withRefund = (payment: Payment, refund: Refund): Payment => ({
  ...payment,
  refunds: [...payment.refunds.filter(({ id }) => id !== refund.id), refund],
});

/** From the customer to what the provider owes us; negative amounts go the other way. */
const transfer = (id: string, amountMinor: number): Booking => ({
  id,
  entries: [
    { account: 'provider_receivable', amountMinor },
    { account: 'customer', amountMinor: -amountMinor },
  ],
});

const advanced = (payment: Payment, { facts = [], bookings = [], calls = [] }: Partial<Omit<Step, 'kind' | 'payment'>>): Step => ({
  kind: 'advanced',
  payment,
  facts,
  bookings,
  calls,
});

const ignored = (payment: Payment, reason: IgnoredReason): Advance => ({ kind: 'ignored', payment, reason });
