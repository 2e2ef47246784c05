import {
  databaseSettings,
  databaseVariables,
  envHttpUrl,
  envPort,
  readEnvironment,
  subgraphSettings,
  type SubgraphSettings,
  subgraphVariables,
} from '@shop/platform/config';
import { z } from 'zod';

export interface CatalogConfig {
  /** `postgresql://…` or `mongodb://…`, a database of its own. */
  databaseUrl: string;
  /** Secrets of envelopes that are accepted; several while one is being rotated. */
  envelopeSecrets: string[];
  /** Connections at most; 8 when left out. */
  poolSize?: number;
  /** Where pictures that are kept as a path are served; `http://localhost:4000` when left out. */
  mediaBaseUrl?: string;
  /** How long another process's new category may stay unseen here, in ms; 10,000 when left out. */
  categoryCacheMs?: number;
}

const environmentSchema = z.object({
  ...subgraphVariables,
  ...databaseVariables,
  DATABASE_URL: z.string().regex(/^(postgres(ql)?|mongodb(\+srv)?):\/\/./, 'an address that starts with postgresql:// or mongodb://'),
  PORT: envPort.default(4002),
  MEDIA_BASE_URL: envHttpUrl.default('http://localhost:4000'),
});

/** What the process of this subgraph reads from its environment. */
export interface CatalogSettings extends SubgraphSettings {
  config: CatalogConfig;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): CatalogSettings {
  const env = readEnvironment(environmentSchema, environment);
  const config: CatalogConfig = {
    ...databaseSettings(env),
    mediaBaseUrl: env.MEDIA_BASE_URL,
  };
  return { ...subgraphSettings(env), config };
}
