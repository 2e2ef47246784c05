import type { Authorization, CheckoutState, Later } from './checkout-saga-state.js';
import { SHOP_ACTOR, type OrderStatus } from './order.js';

/** Everything that can happen to a checkout, whoever says so. */
export type CheckoutMessage =
  | { type: 'order-placed'; orderId: string; lines: { sku: string; quantity: number }[]; authorization: Authorization }
  | { type: 'stock-reserved' | 'stock-rejected' | 'stock-released' | 'stock-committed' }
  | { type: 'payment-action-required' | 'payment-authorized' | 'payment-captured' | 'payment-declined' | 'payment-voided' }
  | { type: 'payment-refunded'; isFull: boolean }
  | { type: 'order-shipped' }
  | { type: 'cancel'; reason: string | null; actor: string }
  | { type: 'deadline' };

export type CheckoutCommand =
  | { type: 'reserve-stock'; lines: { sku: string; quantity: number }[] }
  | { type: 'commit-stock' }
  | { type: 'release-stock'; reason: string }
  | { type: 'authorize'; authorization: Authorization }
  | { type: 'capture' }
  | { type: 'void'; reason: string };

export type RejectionReason = 'OUT_OF_STOCK' | 'PAYMENT_DECLINED' | 'TIMED_OUT';

/** Why a message changed nothing. */
export type IgnoreReason =
  | 'unknown-order'
  | 'already-started'
  | 'stale'
  | 'never-asked'
  | 'partial-refund'
  | 'being-committed'
  | 'being-undone'
  | 'already-ended'
  | 'already-shipped'
  | 'not-confirmed';

/** What a person should look at. */
export type AlertReason = 'still-unanswered' | 'stock-lost-after-shipment' | 'payment-lost-after-shipment';

export type CheckoutOutput =
  | { kind: 'send'; command: CheckoutCommand }
  | { kind: 'change-status'; to: OrderStatus; reason: string | null; message: string; actor: string }
  | { kind: 'set-deadline'; at: Date }
  | { kind: 'complete'; outcome: 'CONFIRMED' | 'REJECTED' | 'CANCELLED' }
  | { kind: 'alert'; reason: AlertReason }
  | { kind: 'ignore'; reason: IgnoreReason };

export interface CheckoutDeadlines {
  /** For inventory's answer. */
  reserveMs: number;
  /** For a final answer of payments; a provider's silence is unknown, not a refusal, so this is the time for asking it again. */
  authorizeMs: number;
  /** For the buyer's confirmation (3-D Secure). */
  actionMs: number;
  /** Until an unanswered command is sent again; doubles with each attempt, up to 15 minutes. */
  resendMs: number;
}

export const DEFAULT_DEADLINES: CheckoutDeadlines = { reserveMs: 120_000, authorizeMs: 120_000, actionMs: 900_000, resendMs: 30_000 };

export interface CheckoutRules {
  now: Date;
  deadlines: CheckoutDeadlines;
}

export interface Decision<S extends CheckoutState | null = CheckoutState | null> {
  state: S;
  outputs: CheckoutOutput[];
}

/**
 * The whole story after a checkout: what one message leads to. Pure, and safe for every message in every state: repeated, late and
 * out-of-order messages are ignored by a named reason, or undone again when the order has ended. Authorisation is the pivot: before it
 * every step is compensated in reverse, after it the order goes forward or is cancelled explicitly.
 */
export function decide(message: CheckoutMessage, state: CheckoutState | null, rules: CheckoutRules): Decision {
  if (message.type === 'order-placed') return state ? ignore(state, 'already-started') : begin(message, rules);
  if (!state) return ignore(null, 'unknown-order');
  switch (message.type) {
    case 'stock-reserved':
      return stockReserved(state, rules);
    case 'stock-rejected':
      return state.stock === 'gone' || state.stock === 'committed' ? ignore(state, 'stale') : stockGone(state, 'OUT_OF_STOCK', rules);
    case 'stock-released':
      // A hold that expires while it is being committed is taken again, or the commit is answered by a rejection.
      if (state.step === 'fulfilling') return ignore(state, 'being-committed');
      return state.stock === 'gone' ? ignore(state, 'stale') : stockGone(state, 'TIMED_OUT', rules);
    case 'stock-committed':
      return stockCommitted(state);
    case 'payment-action-required':
      return actionRequired(state, rules);
    case 'payment-authorized':
      return paymentTaken(state, 'authorized', rules);
    case 'payment-captured':
      return paymentTaken(state, 'captured', rules);
    case 'payment-declined':
    case 'payment-voided':
      return paymentGone(state, rules);
    case 'payment-refunded':
      return message.isFull ? refunded(state) : ignore(state, 'partial-refund');
    case 'order-shipped':
      return isConfirmed(state) ? { state: { ...state, isShipped: true }, outputs: [] } : ignore(state, 'not-confirmed');
    case 'cancel':
      return cancel(state, message, rules);
    case 'deadline':
      return deadline(state, rules);
    default:
      return message satisfies never;
  }
}

function begin({ orderId, lines, authorization }: Extract<CheckoutMessage, { type: 'order-placed' }>, rules: CheckoutRules): Decision {
  const facts = { orderId, stock: 'asked', payment: 'unasked', isShipped: false, outcome: null, reason: null, attempts: 0 } as const;
  return withDeadline({ ...facts, step: 'reserving', authorization, deadlineAt: null }, rules.deadlines.reserveMs, rules, [
    send({ type: 'reserve-stock', lines }),
  ]);
}

function stockReserved(state: CheckoutState, rules: CheckoutRules): Decision {
  if (isEnded(state)) return undoneAgain(state.stock === 'asked' ? { ...state, stock: 'held' } : state, 'release-stock');
  if (state.step !== 'reserving') return ignore(state, 'stale');
  const { authorization, ...rest } = state;
  return withDeadline({ ...rest, step: 'authorizing', stock: 'held', payment: 'asked' }, rules.deadlines.authorizeMs, rules, [
    send({ type: 'authorize', authorization }),
  ]);
}

function stockGone(state: CheckoutState, reason: RejectionReason, rules: CheckoutRules): Decision {
  switch (state.step) {
    case 'reserving':
    case 'authorizing':
      return reject({ ...state, stock: 'gone' }, reason, rules);
    case 'fulfilling':
      if (state.isShipped) return alertAndClose({ ...state, stock: 'gone' }, 'stock-lost-after-shipment');
      return undo({ ...state, stock: 'gone' }, 'CANCELLED', 'OUT_OF_STOCK', LOST_STOCK, rules);
    case 'undoing':
      return settled({ ...state, stock: 'gone' });
    case 'complete':
      return ignore(state, 'stale');
    default:
      return state satisfies never;
  }
}

function stockCommitted(state: CheckoutState): Decision {
  if (state.stock !== 'held') return ignore(state, 'stale');
  if (state.step === 'fulfilling') return settled({ ...state, stock: 'committed' });
  return state.step === 'undoing' ? ignore({ ...state, stock: 'committed' }, 'being-undone') : ignore(state, 'never-asked');
}

function actionRequired(state: CheckoutState, rules: CheckoutRules): Decision {
  if (state.payment === 'unasked') return ignore(state, 'never-asked');
  if (state.payment !== 'asked') return ignore(state, 'stale');
  if (state.step !== 'authorizing') return ignore(state, 'being-undone');
  return withDeadline({ ...state, payment: 'action-required' }, rules.deadlines.actionMs, rules, []);
}

function paymentTaken(state: CheckoutState, payment: 'authorized' | 'captured', rules: CheckoutRules): Decision {
  if (isEnded(state)) return undoneAgain(state.payment === 'gone' || state.step === 'complete' ? state : { ...state, payment }, 'void');
  switch (state.step) {
    case 'reserving':
      return ignore(state, 'never-asked');
    case 'authorizing':
      return confirm({ ...state, payment }, rules);
    case 'fulfilling':
      return payment === 'captured' && state.payment === 'authorized' ? settled({ ...state, payment }) : ignore(state, 'stale');
    case 'undoing':
    case 'complete':
      return ignore(state, 'stale');
    default:
      return state satisfies never;
  }
}

function paymentGone(state: CheckoutState, rules: CheckoutRules): Decision {
  if (state.payment === 'unasked') return ignore(state, 'never-asked');
  if (state.payment === 'gone') return ignore(state, 'stale');
  switch (state.step) {
    case 'authorizing':
      return reject({ ...state, payment: 'gone' }, 'PAYMENT_DECLINED', rules);
    case 'fulfilling':
      if (state.payment === 'captured') return ignore(state, 'stale');
      if (state.isShipped) return alertAndClose({ ...state, payment: 'gone' }, 'payment-lost-after-shipment');
      return undo({ ...state, payment: 'gone' }, 'CANCELLED', 'PAYMENT_DECLINED', LOST_PAYMENT, rules);
    case 'undoing':
      return settled({ ...state, payment: 'gone' });
    case 'reserving':
    case 'complete':
      return ignore(state, 'stale');
    default:
      return state satisfies never;
  }
}

function refunded(state: CheckoutState): Decision {
  if (state.payment === 'unasked') return ignore(state, 'never-asked');
  if (state.payment === 'gone') return ignore(state, 'stale');
  return state.step === 'reserving' ? ignore(state, 'never-asked') : settled({ ...state, payment: 'gone' });
}

function cancel(state: CheckoutState, { reason, actor }: Extract<CheckoutMessage, { type: 'cancel' }>, rules: CheckoutRules): Decision {
  if (isEnded(state)) return ignore(state, 'already-ended');
  if (state.isShipped) return ignore(state, 'already-shipped');
  return undo(state, 'CANCELLED', reason, { message: 'Cancelled before shipment.', actor }, rules);
}

function deadline(state: CheckoutState, rules: CheckoutRules): Decision {
  switch (state.step) {
    case 'reserving':
    case 'authorizing':
      return reject(state, 'TIMED_OUT', rules);
    case 'fulfilling':
      return resend(state, forwardCommands(state), rules);
    case 'undoing':
      return resend(state, compensations(state), rules);
    case 'complete':
      return ignore(state, 'stale');
    default:
      return state satisfies never;
  }
}

function confirm(state: Later, rules: CheckoutRules): Decision {
  const confirmed: Later = { ...state, step: 'fulfilling', outcome: 'CONFIRMED' };
  const change = {
    kind: 'change-status',
    to: 'CONFIRMED',
    reason: null,
    message: 'Stock is reserved and the payment authorised.',
  } as const;
  return withDeadline(confirmed, rules.deadlines.resendMs, rules, [{ ...change, actor: SHOP_ACTOR }, ...forwardCommands(confirmed)]);
}

const REJECTIONS: Readonly<Record<RejectionReason, string>> = {
  OUT_OF_STOCK: 'Not everything is in stock any more.',
  PAYMENT_DECLINED: 'The payment was declined.',
  TIMED_OUT: 'The checkout took too long.',
};
const LOST_STOCK = { message: 'The reservation ran out before the stock was taken.', actor: SHOP_ACTOR };
const LOST_PAYMENT = { message: 'The payment could not be collected.', actor: SHOP_ACTOR };

function reject(state: CheckoutState, reason: RejectionReason, rules: CheckoutRules): Decision {
  return undo(state, 'REJECTED', reason, { message: REJECTIONS[reason], actor: SHOP_ACTOR }, rules);
}

function undo(
  { authorization: _notNeededAnyMore, ...state }: CheckoutState & { authorization?: Authorization },
  outcome: 'REJECTED' | 'CANCELLED',
  reason: string | null,
  told: { message: string; actor: string },
  rules: CheckoutRules,
): Decision {
  const code = outcome === 'REJECTED' && reason ? reason : outcome;
  const undoing: Later = { ...state, step: 'undoing', outcome, reason: code, attempts: 0 };
  const change: CheckoutOutput = { kind: 'change-status', to: outcome, reason, ...told };
  if (isSettled(undoing)) return settled(undoing, [change]);
  return withDeadline(undoing, rules.deadlines.resendMs, rules, [change, ...compensations(undoing)]);
}

/** Something that was asked for before the order ended has happened after all: it is given back, however often. */
function undoneAgain(state: CheckoutState, type: 'release-stock' | 'void'): Decision {
  return { state, outputs: [send({ type, reason: state.reason ?? 'ENDED' })] };
}

function forwardCommands({ stock, payment }: Later): CheckoutOutput[] {
  return [...(stock === 'held' ? [send({ type: 'commit-stock' })] : []), ...(payment === 'authorized' ? [send({ type: 'capture' })] : [])];
}

/** In reverse: the money first, then the stock. Both are safe when their step never happened. */
function compensations({ stock, payment, reason }: Later): CheckoutOutput[] {
  const why = { reason: reason ?? 'ENDED' };
  return [
    ...(payment === 'unasked' || payment === 'gone' ? [] : [send({ type: 'void', ...why })]),
    ...(stock === 'gone' ? [] : [send({ type: 'release-stock', ...why })]),
  ];
}

const ALERT_AFTER_ATTEMPTS = 10;
const LONGEST_RESEND_MS = 900_000;

function resend(state: Later, commands: CheckoutOutput[], rules: CheckoutRules): Decision {
  const attempts = state.attempts + 1;
  const waitMs = Math.min(rules.deadlines.resendMs * 2 ** attempts, LONGEST_RESEND_MS);
  const alerts: CheckoutOutput[] = attempts >= ALERT_AFTER_ATTEMPTS ? [{ kind: 'alert', reason: 'still-unanswered' }] : [];
  return withDeadline({ ...state, attempts }, waitMs, rules, [...commands, ...alerts]);
}

/** Complete once nothing is outstanding, else it goes on waiting. */
function settled(state: Later, before: CheckoutOutput[] = []): Decision {
  if (state.step === 'complete' || !isSettled(state) || !state.outcome) return { state, outputs: before };
  return {
    state: { ...state, step: 'complete', deadlineAt: null },
    outputs: [...before, { kind: 'complete', outcome: state.outcome }],
  };
}

function isSettled({ step, stock, payment }: Later): boolean {
  if (step === 'fulfilling') return stock === 'committed' && (payment === 'captured' || payment === 'gone');
  return step === 'undoing' && stock === 'gone' && (payment === 'unasked' || payment === 'gone');
}

function alertAndClose(state: Later, reason: AlertReason): Decision {
  return { state: { ...state, step: 'complete', deadlineAt: null }, outputs: [{ kind: 'alert', reason }] };
}

function isEnded({ outcome }: CheckoutState): boolean {
  return outcome === 'REJECTED' || outcome === 'CANCELLED';
}

function isConfirmed({ outcome }: CheckoutState): boolean {
  return outcome === 'CONFIRMED';
}

function send(command: CheckoutCommand): CheckoutOutput {
  return { kind: 'send', command };
}

function ignore(state: CheckoutState | null, reason: IgnoreReason): Decision {
  return { state, outputs: [{ kind: 'ignore', reason }] };
}

function withDeadline(state: CheckoutState, ms: number, { now }: CheckoutRules, outputs: CheckoutOutput[]): Decision {
  const at = new Date(now.getTime() + ms);
  return { state: { ...state, deadlineAt: at.toISOString() }, outputs: [...outputs, { kind: 'set-deadline', at }] };
}
