import type { CheckoutDeadlines } from './checkout.saga.js';

export interface OrdersConfig {
  databaseUrl: string;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: string[];
  /** Signs order tokens (HMAC-SHA256); the gateway verifies them with the same. At least 32 characters. */
  orderTokenSecret: string;
  /** What is left out is as in `DEFAULT_DEADLINES`. */
  deadlines?: Partial<CheckoutDeadlines>;
  /** How often to look for expired deadlines. Default 1000. */
  timersEveryMs?: number;
  /** How often followed orders are looked at beside what the bus tells. Default 2000. */
  feedPollMs?: number;
  /** Database connections at most. Default 8. */
  poolSize?: number;
}
