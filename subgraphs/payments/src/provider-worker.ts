import type { Clock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import { advancePayment } from './advance-payment.js';
import type { CardProvider, ProviderOutcome } from './card-provider.js';
import type { ProviderNews } from './payment.js';
import { claimCalls, postponeCall, type CallKind, type ClaimedCall } from './provider-call.store.js';
import { newsOfOutcome } from './provider-news.js';

export interface ProviderWorkerOptions {
  db: Database;
  provider: CardProvider;
  clock: Clock;
  logger: Logger;
  /** Calls at the same time. */
  concurrency: number;
  /** Waits before the next attempt; the last one repeats forever. */
  retryAfterMs: readonly number[];
  /** How long a taken call is ours; longer than its deadline. */
  leaseMs: number;
  pollEveryMs: number;
}

/** From then on somebody should look at the provider. */
const ALERT_AFTER_ATTEMPTS = 10;
/** A provider forgets keys after 24 h (docs.stripe.com/api/idempotent_requests): a call this old looks before it repeats. */
const KEY_TRUSTED_MS = 20 * 60 * 60 * 1000;

/**
 * Makes the provider calls that are due, each outside of any transaction and with its own key, then moves its payment on. A call without a
 * definite answer is made again with the same key until there is one; so is one whose process died.
 */
export function startProviderWorker(options: ProviderWorkerOptions): Poller {
  const { db, clock, logger, concurrency, leaseMs, pollEveryMs } = options;
  const running = new Set<Promise<void>>();
  const retries = new Set<NodeJS.Timeout>();

  const start = (call: ClaimedCall) => {
    const made: Promise<void> = makeCall(call, options, wakeIn)
      .catch((err: unknown) =>
        logger.error({ err, paymentId: call.paymentId, reason: call.kind }, 'provider call not settled; it is made again'),
      )
      .finally(() => {
        running.delete(made);
        poller.wake();
      });
    running.add(made);
  };
  const poller = startPoller({
    name: 'provider calls',
    everyMs: pollEveryMs,
    logger,
    work: async () => {
      const free = concurrency - running.size;
      if (free <= 0) return 0;
      for (const call of await claimCalls(db, free, clock.now(), leaseMs)) start(call);
      return 0;
    },
  });
  const wakeIn = (ms: number) => {
    const timer = setTimeout(() => {
      retries.delete(timer);
      poller.wake();
    }, ms);
    retries.add(timer);
  };
  return {
    wake: poller.wake,
    drain: async () => {
      await poller.drain();
      const made = [...running];
      await Promise.all(made);
      return made.length;
    },
    [Symbol.asyncDispose]: async () => {
      await poller[Symbol.asyncDispose]();
      await Promise.all(running);
      retries.forEach((timer) => clearTimeout(timer));
    },
  };
}

async function makeCall(call: ClaimedCall, options: ProviderWorkerOptions, wakeIn: (ms: number) => void): Promise<void> {
  const { db, provider, clock, logger, retryAfterMs } = options;
  const outcome = await ask(provider, call, clock.now());
  const news = newsOf(call, outcome);
  if (!news) return await postpone();
  await db.transaction(async (tx) => {
    const effects = { now: clock.now(), logger, cause: call.cause, answeredCall: call.key, wakeCalls: () => wakeIn(0) };
    await advancePayment(tx, { id: call.paymentId }, news, effects);
  });

  async function postpone(): Promise<void> {
    const waitMs = retryAfterMs[Math.min(call.attempts, retryAfterMs.length) - 1] ?? 1_000;
    const line = { paymentId: call.paymentId, attempts: call.attempts, reason: `${call.kind}: ${whyOf(outcome)}` };
    if (call.attempts >= ALERT_AFTER_ATTEMPTS || outcome.kind === 'refused')
      logger.error(line, 'provider call still without a definite answer');
    else logger.warn(line, 'provider call without a definite answer');
    await postponeCall(db, call.key, new Date(clock.now().getTime() + waitMs));
    wakeIn(waitMs);
  }
}

async function ask(provider: CardProvider, call: ClaimedCall, now: Date): Promise<ProviderOutcome> {
  const { key, orderId, paymentId, providerId, refund } = call;
  if (call.kind === 'authorize') {
    const isOld = call.attempts > 1 && now.getTime() - call.createdAt.getTime() > KEY_TRUSTED_MS;
    const found = isOld ? await provider.find({ paymentId, providerId }) : null;
    return found ?? (await provider.authorize({ key, orderId, paymentId, amount: call.amount, paymentToken: call.paymentToken ?? '' }));
  }
  if (providerId === null) return { kind: 'unknown', reason: 'the provider has not named the payment yet' };
  switch (call.kind) {
    case 'capture':
      return provider.capture({ key, providerId });
    case 'void':
      return provider.void({ key, providerId });
    case 'refund':
      if (!refund) throw new Error(`Call ${key} has no refund.`);
      return provider.refund({ key, providerId, orderId, paymentId, refundId: refund.id, amountMinor: refund.amountMinor });
    default:
      return call.kind satisfies never;
  }
}

/** The outcomes that answer a call. A capture that is declined or refused leaves the payment where it was: somebody has to look. */
const answers: Record<CallKind, ReadonlySet<ProviderOutcome['kind']>> = {
  authorize: new Set(['authorized', 'action-required', 'declined', 'captured', 'voided', 'refused']),
  capture: new Set(['captured', 'voided']),
  void: new Set(['voided', 'captured']),
  refund: new Set(['refunded', 'refused']),
};

/** Null: nothing definite. */
function newsOf(call: ClaimedCall, outcome: ProviderOutcome): ProviderNews | null {
  if (!answers[call.kind].has(outcome.kind)) return null;
  if (call.kind === 'authorize' && outcome.kind === 'refused' && outcome.code === 'invalid_payment_method')
    return { kind: 'declined', providerId: null, code: outcome.code, message: outcome.message, method: null };
  return newsOfOutcome(outcome, call.refund?.id ?? null);
}

function whyOf(outcome: ProviderOutcome): string {
  return 'reason' in outcome ? outcome.reason : 'code' in outcome ? outcome.code : outcome.kind;
}
