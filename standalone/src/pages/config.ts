import {
  envHttpUrl,
  envPort,
  envSecret,
  processSettings,
  processVariables,
  readEnvironment,
  type ProcessSettings,
  type RemoteSubgraph,
} from '@shop/platform/config';
import { z } from 'zod';

const environmentSchema = z.object({
  ...processVariables,
  PORT: envPort.default(4009),
  PUBLIC_URL: envHttpUrl,
  MAILBOX_URL: envHttpUrl,
  USERS_URL: envHttpUrl,
  USERS_ENVELOPE_SECRET: envSecret,
  CATALOG_URL: envHttpUrl,
  CATALOG_ENVELOPE_SECRET: envSecret,
  INVENTORY_URL: envHttpUrl,
  INVENTORY_ENVELOPE_SECRET: envSecret,
  DEMO_SIGN_INS: z.enum(['on', 'off']).default('off'),
});

/** What the process of the pages reads from its environment. */
export interface PagesSettings extends ProcessSettings {
  /** Where people reach the shop. */
  publicUrl: string;
  mailboxUrl: string;
  users: RemoteSubgraph;
  catalog: RemoteSubgraph;
  inventory: RemoteSubgraph;
  /** Whether the start page shows the accounts of the sample data with their password. */
  showsDemoSignIns: boolean;
}

/** Throws ConfigError that names every fault. */
export function readPagesEnv(environment: NodeJS.ProcessEnv = process.env): PagesSettings {
  const env = readEnvironment(environmentSchema, environment);
  return {
    ...processSettings(env),
    publicUrl: env.PUBLIC_URL,
    mailboxUrl: env.MAILBOX_URL,
    users: { url: env.USERS_URL, envelopeSecret: env.USERS_ENVELOPE_SECRET },
    catalog: { url: env.CATALOG_URL, envelopeSecret: env.CATALOG_ENVELOPE_SECRET },
    inventory: { url: env.INVENTORY_URL, envelopeSecret: env.INVENTORY_ENVELOPE_SECRET },
    showsDemoSignIns: env.DEMO_SIGN_INS === 'on',
  };
}
