import {
  envHttpUrl,
  envPort,
  envSecret,
  readEnvironment,
  type RemoteSubgraph,
  subgraphSettings,
  type SubgraphSettings,
  subgraphVariables,
} from '@shop/platform/config';
import { z } from 'zod';

export interface SearchConfig {
  /** Secrets whose envelopes are accepted; several while one is being rotated. */
  envelopeSecrets: string[];
  /** Deadline of one page of the rebuild, in ms; 10,000 when left out. */
  pageTimeoutMs?: number;
  /** Waits between attempts to rebuild while catalog or inventory is away, in ms; the last one repeats. Default: half a second to 30 s. */
  rebuildBackoffMs?: number[];
  /** `http://…` of Elasticsearch 8, whose index all processes share and that outlives them. Without it every process has one in memory. */
  elasticsearchUrl?: string;
  /** Begins the names of all indices; `shop`. */
  elasticsearchPrefix?: string;
  /** How long a search may take there before it counts as away, in ms; 1,000. */
  searchTimeoutMs?: number;
}

export const DEFAULT_PAGE_TIMEOUT_MS = 10_000;
export const DEFAULT_REBUILD_BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

const environmentSchema = z.object({
  ...subgraphVariables,
  PORT: envPort.default(4003),
  ELASTICSEARCH_URL: envHttpUrl.optional(),
  CATALOG_URL: envHttpUrl,
  CATALOG_ENVELOPE_SECRET: envSecret,
  INVENTORY_URL: envHttpUrl,
  INVENTORY_ENVELOPE_SECRET: envSecret,
});

/** What the process of this subgraph reads from its environment. */
export interface SearchSettings extends SubgraphSettings {
  config: SearchConfig;
  catalog: RemoteSubgraph;
  inventory: RemoteSubgraph;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): SearchSettings {
  const env = readEnvironment(environmentSchema, environment);
  const config: SearchConfig = {
    envelopeSecrets: env.ENVELOPE_SECRETS,
    ...(env.ELASTICSEARCH_URL !== undefined && { elasticsearchUrl: env.ELASTICSEARCH_URL }),
  };
  return {
    ...subgraphSettings(env),
    config,
    catalog: { url: env.CATALOG_URL, envelopeSecret: env.CATALOG_ENVELOPE_SECRET },
    inventory: { url: env.INVENTORY_URL, envelopeSecret: env.INVENTORY_ENVELOPE_SECRET },
  };
}
