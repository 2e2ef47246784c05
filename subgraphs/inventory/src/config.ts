import {
  databaseSettings,
  databaseVariables,
  envPort,
  readEnvironment,
  subgraphSettings,
  type SubgraphSettings,
  subgraphVariables,
} from '@shop/platform/config';
import { z } from 'zod';

/** One place that goods are sent from. */
export interface WarehouseSettings {
  /** Short and stable, e.g. BER; staff and imports name a warehouse by it. */
  code: string;
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

export interface InventoryConfig {
  databaseUrl: string;
  /** Shared with the gateway; every one is accepted. */
  envelopeSecrets: string[];
  /** How long stock is held for an order that does not go on; default 15 minutes. */
  holdMs?: number;
  /** How often to look for holds that are over; default 5 s. */
  expiryEveryMs?: number;
  /** LOW_STOCK from here downwards for a SKU that is received for the first time; default 5. */
  defaultSafetyStock?: number;
  /** In the order in which they are emptied; created or renamed at start, never removed. Default: `defaultWarehouses`. */
  warehouses?: WarehouseSettings[];
  /** Connections at most. */
  poolSize?: number;
}

export const defaultWarehouses: WarehouseSettings[] = [
  { code: 'BER', name: 'Berlin', country: 'DE' },
  { code: 'LYS', name: 'Lyon', country: 'FR' },
  { code: 'NJE', name: 'Newark', country: 'US' },
];

export const DEFAULT_SAFETY_STOCK = 5;

const environmentSchema = z.object({
  ...subgraphVariables,
  ...databaseVariables,
  PORT: envPort.default(4007),
});

/** What the process of this subgraph reads from its environment. */
export interface InventorySettings extends SubgraphSettings {
  config: InventoryConfig;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): InventorySettings {
  const env = readEnvironment(environmentSchema, environment);
  return { ...subgraphSettings(env), config: databaseSettings(env) };
}
