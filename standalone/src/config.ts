import { z } from 'zod';
import { engineNames, type EngineName } from '@shop/gateway';
import { envFailpoint, envPort, logLevels, readEnvironment } from '@shop/platform/config';
import type { Failpoint } from '@shop/platform/failpoint';
import type { StripeAccount } from './start-shop.js';

const environmentSchema = z
  .object({
    PORT: envPort.default(4000),
    HOST: z.string().default('127.0.0.1'),
    METRICS_PORT: envPort.optional(),
    SHOP_FOLDER: z.string().default('.shop'),
    LOG_LEVEL: z.enum(logLevels).default('warn'),
    GATEWAY_ENGINE: z.enum(engineNames).default('compiled'),
    DEMO_CARRIER: z.enum(['on', 'off']).default('on'),
    STRIPE_SECRET_KEY: z.string().min(1).optional(),
    STRIPE_WEBHOOK_SECRETS: z
      .string()
      .transform((text) => text.split(','))
      .optional(),
    FAILPOINT: envFailpoint.optional(),
  })
  .refine(({ STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRETS }) => (STRIPE_SECRET_KEY === undefined) === (STRIPE_WEBHOOK_SECRETS === undefined), {
    message: 'is needed together with STRIPE_SECRET_KEY',
    path: ['STRIPE_WEBHOOK_SECRETS'],
  });

export interface StandaloneConfig {
  port: number;
  host: string;
  /** Where the gateway's `/metrics` is told; null: nowhere. */
  metricsPort: number | null;
  /** Everything that the shop remembers. */
  folder: string;
  logLevel: string;
  /** What plans and executes at the gateway: our own executor, or Apollo's. */
  engine: EngineName;
  /** Begin with an empty shop and new sample data. */
  isFresh: boolean;
  withCarrier: boolean;
  /** Real payments; null: the card sandbox. */
  stripe: StripeAccount | null;
  /** Where a test has this process killed; null: nowhere. */
  failpoint: { name: Failpoint; nth: number } | null;
}

/** Throws ConfigError that names every fault of environment and arguments. */
export function readConfig(
  environment: NodeJS.ProcessEnv = process.env,
  args: readonly string[] = process.argv.slice(2),
): StandaloneConfig {
  const unknown = args.filter((arg) => arg !== '--fresh');
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}; only --fresh is known.`);
  const {
    PORT,
    HOST,
    METRICS_PORT,
    SHOP_FOLDER,
    LOG_LEVEL,
    GATEWAY_ENGINE,
    DEMO_CARRIER,
    FAILPOINT,
    STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRETS,
  } = readEnvironment(environmentSchema, environment);
  return {
    port: PORT,
    host: HOST,
    metricsPort: METRICS_PORT ?? null,
    folder: SHOP_FOLDER,
    logLevel: LOG_LEVEL,
    engine: GATEWAY_ENGINE,
    isFresh: args.includes('--fresh'),
    withCarrier: DEMO_CARRIER === 'on',
    stripe: STRIPE_SECRET_KEY && STRIPE_WEBHOOK_SECRETS ? { secretKey: STRIPE_SECRET_KEY, webhookSecrets: STRIPE_WEBHOOK_SECRETS } : null,
    failpoint: FAILPOINT ?? null,
  };
}
