import {
  databaseSettings,
  databaseVariables,
  envCount,
  envHttpUrl,
  envPort,
  envSecret,
  readEnvironment,
  redisVariables,
  type RemoteSubgraph,
  subgraphSettings,
  type SubgraphSettings,
  subgraphVariables,
} from '@shop/platform/config';
import { z } from 'zod';
import { DEFAULT_DEADLINES, type CheckoutDeadlines } from './checkout.saga.js';

export interface OrdersConfig {
  databaseUrl: string;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: string[];
  /** Signs order tokens (HMAC-SHA256); the gateway verifies them with the same. At least 32 characters. */
  orderTokenSecret: string;
  /** How long inventory may take to answer; longer than a broker is away when it is started again. Default 120,000. */
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
  /** Checkouts that one network address may place at once; as many come back within a minute. Default 60. */
  checkoutsPerAddressPerMinute?: number;
  /** `redis://…`: where all processes count them together. Each counts alone without it, and while it is away. */
  redisUrl?: string;
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

const environmentSchema = z.object({
  ...subgraphVariables,
  ...databaseVariables,
  ...redisVariables,
  PORT: envPort.default(4005),
  ORDER_TOKEN_SECRET: envSecret,
  CART_URL: envHttpUrl,
  CART_ENVELOPE_SECRET: envSecret,
  USERS_URL: envHttpUrl,
  USERS_ENVELOPE_SECRET: envSecret,
  CHECKOUTS_PER_ADDRESS_PER_MINUTE: envCount.default(60),
  PAYMENT_ACTION_TIMEOUT_MS: envCount.default(900_000),
});

/** What the process of this subgraph reads from its environment. */
export interface OrdersSettings extends SubgraphSettings {
  config: OrdersConfig;
  cart: RemoteSubgraph;
  users: RemoteSubgraph;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): OrdersSettings {
  const env = readEnvironment(environmentSchema, environment);
  const config: OrdersConfig = {
    ...databaseSettings(env),
    orderTokenSecret: env.ORDER_TOKEN_SECRET,
    checkoutsPerAddressPerMinute: env.CHECKOUTS_PER_ADDRESS_PER_MINUTE,
    paymentActionTimeoutMs: env.PAYMENT_ACTION_TIMEOUT_MS,
    ...(env.REDIS_URL !== undefined && { redisUrl: env.REDIS_URL }),
  };
  return {
    ...subgraphSettings(env),
    config,
    cart: { url: env.CART_URL, envelopeSecret: env.CART_ENVELOPE_SECRET },
    users: { url: env.USERS_URL, envelopeSecret: env.USERS_ENVELOPE_SECRET },
  };
}
