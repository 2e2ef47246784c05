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

export interface NotificationsConfig {
  databaseUrl: string;
  /** Shared with the gateway; every one is accepted. */
  envelopeSecrets: string[];
  /** Where mails are handed over, e.g. smtp://127.0.0.1:2525 or smtps://user:password@mail.example. */
  smtpUrl: string;
  /** Where people reach the shop, without a slash at the end; links in mails start with it. */
  publicUrl: string;
  /** Of every mail; default `DEFAULT_SENDER`. */
  sender?: { name: string; address: string };
  /** Mails that are handed over at the same time; default 2. */
  mailConnections?: number;
  /** How long the mail server may take for each step; default 5 s. */
  smtpTimeoutMs?: number;
  /** How often to look for mails that are due, beside being woken; default 1 s. */
  mailEveryMs?: number;
  /** Connections to the database at most; default 8. */
  poolSize?: number;
}

export const DEFAULT_SENDER = { name: 'The Shop', address: 'no-reply@shop.example' };

const environmentSchema = z.object({
  ...subgraphVariables,
  ...databaseVariables,
  PORT: envPort.default(4008),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'an address that starts with smtp:// or smtps://' }),
  PUBLIC_URL: envHttpUrl,
});

/** What the process of this subgraph reads from its environment. */
export interface NotificationsSettings extends SubgraphSettings {
  config: NotificationsConfig;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): NotificationsSettings {
  const env = readEnvironment(environmentSchema, environment);
  const config: NotificationsConfig = {
    ...databaseSettings(env),
    smtpUrl: env.SMTP_URL,
    publicUrl: env.PUBLIC_URL,
  };
  return { ...subgraphSettings(env), config };
}
