import {
  databaseSettings,
  databaseVariables,
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

/** What the cart subgraph is started with. */
export interface CartConfig {
  /** postgresql://… of its own database. */
  databaseUrl: string;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: string[];
  /** Taxes and delivery of a cart without an address, ISO 3166-1 alpha-2; `DE`. */
  defaultCountry?: string;
  /** Currency of an empty cart, ISO 4217; `EUR`. */
  defaultCurrency?: string;
  /** How long a guest's cart lives after its last change, in days; 90. */
  guestCartDays?: number;
  /** Connections at most; 8. */
  poolSize?: number;
  /** `redis://…`: where carts live then, with the database as their durable copy. Without it they live in the database. */
  redisUrl?: string;
  /** Whether to start on a Redis that is not set to keep what it acknowledges; `required`: no. `warned-of`: with a line in the log. */
  redisDurability?: 'required' | 'warned-of';
}

const environmentSchema = z.object({
  ...subgraphVariables,
  ...databaseVariables,
  ...redisVariables,
  PORT: envPort.default(4004),
  CATALOG_URL: envHttpUrl,
  CATALOG_ENVELOPE_SECRET: envSecret,
});

/** What the process of this subgraph reads from its environment. */
export interface CartSettings extends SubgraphSettings {
  config: CartConfig;
  catalog: RemoteSubgraph;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): CartSettings {
  const env = readEnvironment(environmentSchema, environment);
  const config: CartConfig = {
    ...databaseSettings(env),
    ...(env.REDIS_URL !== undefined && { redisUrl: env.REDIS_URL }),
  };
  return {
    ...subgraphSettings(env),
    config,
    catalog: { url: env.CATALOG_URL, envelopeSecret: env.CATALOG_ENVELOPE_SECRET },
  };
}
