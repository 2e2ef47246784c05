import { serviceUnavailable } from '@shop/platform/graphql-errors';
import { claimIdempotent, completeIdempotent, releaseIdempotent, type IdempotencyKey } from '@shop/platform/idempotency';
import { isUuid, newId } from '@shop/platform/ids';
import { pause } from '@shop/platform/lifecycle';
import type { Amount } from '@shop/platform/money';
import { actorOf } from '@shop/platform/viewer';
import { z } from 'zod';
import { advanceLocked } from './advance-payment.js';
import type { PaymentsContext } from './context.js';
import { PaymentStatus } from './payment-status.js';
import { lockPayment, refundsOf } from './payment.store.js';
import { decideRefund } from './refund.js';

export interface RefundOrder {
  paymentId: string;
  /** Null: all that is left. */
  amount: Amount | null;
  reason: string;
  idempotencyKey: string;
}

const amount = z.object({ amountMinor: z.number(), currency: z.string() });

/** What an idempotency key remembers. */
const remembered = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun'), paymentId: z.string(), refundId: z.string() }),
  z.object({ kind: z.literal('exceeds'), refundable: amount }),
  z.object({ kind: z.literal('not-captured'), from: z.enum(PaymentStatus) }),
]);

type Remembered = z.output<typeof remembered>;

export type RefundOutcome =
  | Remembered
  | { kind: 'not-found' }
  | { kind: 'other-currency'; currency: string }
  | { kind: 'key-conflict'; retryable: boolean };

/**
 * Gives captured money back, once per idempotency key. Waits for the provider up to `refundWaitMs`; a refund that takes longer goes on by
 * itself. Throws SERVICE_UNAVAILABLE when the provider refused it.
 */
export async function refundPayment(order: RefundOrder, context: PaymentsContext): Promise<RefundOutcome> {
  const key = { scope: `${actorOf(context.viewer)}/refundPayment`, key: order.idempotencyKey };
  const outcome = await onceByKey(key, order, context);
  if (outcome.kind === 'begun') await waitForRefund(outcome, context);
  return outcome;
}

async function onceByKey(key: IdempotencyKey, order: RefundOrder, context: PaymentsContext): Promise<RefundOutcome> {
  const claim = await claimIdempotent(context.db, key, order, context.signal);
  switch (claim.kind) {
    case 'first':
      return begin(key, order, context);
    case 'replay':
      return remembered.parse(claim.response);
    case 'mismatch':
      return { kind: 'key-conflict', retryable: false };
    case 'in-progress':
      return { kind: 'key-conflict', retryable: true };
    default:
      return claim satisfies never;
  }
}

/** Reserves the amount and plans the call under the payment's lock: refunds at the same time never exceed what was captured. */
function begin(
  key: IdempotencyKey,
  order: RefundOrder,
  { db, clock, logger, wakeCalls, traceparent }: PaymentsContext,
): Promise<RefundOutcome> {
  return db.transaction(async (tx): Promise<RefundOutcome> => {
    const forget = async <T>(outcome: T): Promise<T> => {
      await releaseIdempotent(tx, key);
      return outcome;
    };
    const remember = async (outcome: Remembered): Promise<Remembered> => {
      await completeIdempotent(tx, key, outcome);
      return outcome;
    };
    const stored = isUuid(order.paymentId) ? await lockPayment(tx, { id: order.paymentId }) : null;
    if (!stored || stored.isTombstone) return forget({ kind: 'not-found' } as const);
    const decision = decideRefund(stored.payment, order.amount);
    switch (decision.kind) {
      case 'other-currency':
        return forget(decision);
      case 'exceeds':
      case 'not-captured':
        return remember(decision);
      case 'refund': {
        const refundId = newId();
        const effects = { now: clock.now(), logger, wakeCalls, cause: { traceparent, causationId: null } };
        const news = { kind: 'refund-requested', refundId, amountMinor: decision.amountMinor, reason: order.reason } as const;
        await advanceLocked(tx, stored, news, effects);
        return remember({ kind: 'begun', paymentId: order.paymentId, refundId });
      }
      default:
        return decision satisfies never;
    }
  });
}

async function waitForRefund({ paymentId, refundId }: { paymentId: string; refundId: string }, context: PaymentsContext): Promise<void> {
  const { db, refundWaitMs, signal } = context;
  for (let waitedMs = 0; waitedMs <= refundWaitMs && !signal.aborted; waitedMs += 25) {
    const refund = (await refundsOf(db, paymentId)).find(({ id }) => id === refundId);
    if (refund?.status === 'refused') throw serviceUnavailable('The refund was refused by the provider: it');
    if (refund?.status === 'done') return;
    await pause(25, signal);
  }
}
