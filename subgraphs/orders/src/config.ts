import { DEFAULT_DEADLINES, type CheckoutDeadlines } from './checkout.saga.js';

export interface OrdersConfig {
  databaseUrl: string;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: string[];
  /** Signs order tokens (HMAC-SHA256); the gateway verifies them with the same. At least 32 characters. */
  orderTokenSecret: string;
  /** How long inventory may take to answer. Default 60,000. */
  reserveTimeoutMs?: number;
  /** How long payments may take to find out whether a payment is authorised. Default 120,000. */
  authorizeTimeoutMs?: number;
  /** How long a buyer may take to confirm a payment (3-D Secure). Default 900,000. */
  paymentActionTimeoutMs?: number;
  /** Until an unanswered command is sent again for the first time; doubles each time. Default 30,000. */
  resendAfterMs?: number;
  /** How often to look for expired deadlines. Default 1,000. */
  timersEveryMs?: number;
  /** How often followed orders are looked at beside what the bus tells. Default 2,000. */
  feedPollMs?: number;
  /** Checkouts that one network address may place at once; as many come back within a minute. In each process. Default 60. */
  checkoutsPerAddressPerMinute?: number;
  /** Database connections at most. Default 8. */
  poolSize?: number;
}

export function deadlinesOf(config: OrdersConfig): CheckoutDeadlines {
  const { reserveMs, authorizeMs, actionMs, resendMs } = DEFAULT_DEADLINES;
  return {
    reserveMs: config.reserveTimeoutMs ?? reserveMs,
    authorizeMs: config.authorizeTimeoutMs ?? authorizeMs,
    actionMs: config.paymentActionTimeoutMs ?? actionMs,
    resendMs: config.resendAfterMs ?? resendMs,
  };
}
