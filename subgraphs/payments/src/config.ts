import {
  databaseSettings,
  databaseVariables,
  envCount,
  envHttpUrl,
  envPort,
  envSecret,
  readEnvironment,
  subgraphSettings,
  type SubgraphSettings,
  subgraphVariables,
} from '@shop/platform/config';
import { z } from 'zod';

/** Plain values; every optional one has its default here. */
export interface PaymentsConfig {
  databaseUrl: string;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: string[];
  /** Shared with orders, which proves with it that a viewer may see an order. */
  orderTokenSecret: string;
  /** The provider's secret key. */
  secretKey: string;
  /** Where the provider listens, e.g. `http://127.0.0.1:12111`; null for Stripe itself. */
  providerUrl: string | null;
  /** Secrets with which webhooks may be signed; two while one is rotated. */
  webhookSecrets: string[];
  /** Where the buyer's browser goes after a confirmation (3-D Secure). */
  returnUrl: string;
  /** Deadline of a provider call. Default 8,000. */
  providerTimeoutMs?: number;
  /** Waits before a call without a definite answer is made again; the last one repeats forever. Default `RETRY_AFTER_MS`. */
  retryAfterMs?: readonly number[];
  /** How long a call belongs to the process that took it, beyond the call's deadline. Default 5,000. */
  leaseMarginMs?: number;
  /** Provider calls at the same time. Default 64. */
  providerConcurrency?: number;
  /** How often to look for due calls when nothing wakes. Default 500. */
  pollEveryMs?: number;
  /** How long `refundPayment` waits for the provider before it answers with the refund still under way. Default 3,000. */
  refundWaitMs?: number;
  /** Database connections at most. Default 8. */
  poolSize?: number;
}

export const RETRY_AFTER_MS: readonly number[] = [1_000, 2_000, 5_000, 10_000, 30_000];

/** How long a webhook is known as taken: 30 days. The provider repeats one for three (docs.stripe.com/webhooks, "Retry behavior"). */
export const KEEP_EVENTS_MS = 30 * 86_400_000;

const environmentSchema = z.object({
  ...subgraphVariables,
  ...databaseVariables,
  PORT: envPort.default(4006),
  ORDER_TOKEN_SECRET: envSecret,
  STRIPE_SECRET_KEY: z.string().min(1),
  /** Left out: Stripe itself. */
  CARD_PROVIDER_URL: envHttpUrl.optional(),
  STRIPE_WEBHOOK_SECRETS: z
    .string()
    .min(1)
    .transform((text) => text.split(',')),
  CARD_PROVIDER_TIMEOUT_MS: envCount.default(8_000),
  PUBLIC_URL: envHttpUrl,
});

/** What the process of this subgraph reads from its environment. */
export interface PaymentsSettings extends SubgraphSettings {
  config: PaymentsConfig;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): PaymentsSettings {
  const env = readEnvironment(environmentSchema, environment);
  const config: PaymentsConfig = {
    ...databaseSettings(env),
    orderTokenSecret: env.ORDER_TOKEN_SECRET,
    secretKey: env.STRIPE_SECRET_KEY,
    providerUrl: env.CARD_PROVIDER_URL ?? null,
    webhookSecrets: env.STRIPE_WEBHOOK_SECRETS,
    returnUrl: `${env.PUBLIC_URL}/track`,
    providerTimeoutMs: env.CARD_PROVIDER_TIMEOUT_MS,
  };
  return { ...subgraphSettings(env), config };
}
