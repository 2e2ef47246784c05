import { z } from 'zod';
import { failpoints, type Failpoint } from './failpoint.js';

/** Thrown at start when the environment is not usable; the message lists every fault, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Parses environment variables. Throws `ConfigError` that names all faulty variables at once, without their values. */
export function readEnvironment<T extends z.ZodType>(schema: T, environment: Readonly<Record<string, string | undefined>>): z.output<T> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${faultOf(issue, environment)}`);
  throw new ConfigError(`The environment is not usable:\n${faults.join('\n')}`);
}

/** Zod's own words for a value that is not there speak of types, which an environment has none of. */
function faultOf({ path, message }: z.core.$ZodIssue, environment: Readonly<Record<string, string | undefined>>): string {
  const isMissing = environment[String(path[0])] === undefined;
  return isMissing && message.startsWith('Invalid input') ? 'is missing' : message;
}

const portFault = 'a port from 0 to 65535';
export const envPort = z.coerce
  .number({ error: portFault })
  .int({ error: portFault })
  .min(0, { error: portFault })
  .max(65535, { error: portFault });
export const envFlag = z.enum(['true', 'false']).transform((text) => text === 'true');
/** A secret of at least 32 characters; several, comma-separated, are all accepted while one is being rotated (the first one signs). */
export const envSecrets = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().min(32, 'every secret needs at least 32 characters')).min(1));

/** A secret of at least 32 characters. */
export const envSecret = z.string().min(32, 'a secret needs at least 32 characters');
/** Where a subgraph or a helper of ours answers; the slash at the end does not matter. */
export const envHttpUrl = z
  .url({ protocol: /^https?$/, error: 'an address that starts with http:// or https://' })
  .transform((url) => url.replace(/\/+$/, ''));
export const envPostgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'an address that starts with postgresql://' });
export const envCount = z.coerce.number({ error: 'a number' }).int({ error: 'a whole number' }).min(1, { error: 'at least 1' });
/** `name:nth`; a passing that kills the process, for tests of crashes. */
export const envFailpoint = z
  .string()
  .transform((text) => text.split(':', 2))
  .transform(([name = '', nth = '']) => ({ name, nth }))
  .pipe(z.object({ name: z.enum(failpoints), nth: z.coerce.number<string>().int().min(1) }));
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What each of our processes reads; `PORT` has a default of its own in each. */
export const processVariables = {
  HOST: z.string().min(1).default('127.0.0.1'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  DRAIN_DELAY_MS: z.coerce.number({ error: 'a number' }).int().min(0).max(15_000).default(5_000),
  FAILPOINT: envFailpoint.optional(),
};

/** Beside those, what each process needs that sends or hears events. */
export const busVariables = {
  NATS_URL: z.url({
    protocol: /^(nats|tls)$/,
    error:
      'nats://… is needed: without a bus nobody would get the events of this process (npm start runs everything in one process, without one)',
  }),
};

/** What a process reads that shares something with its replicas in Redis; without it each one counts and keeps alone. */
export const redisVariables = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'an address that starts with redis:// or rediss://' }).optional(),
};

/** What each subgraph reads. */
export const subgraphVariables = { ...processVariables, ...busVariables, ENVELOPE_SECRETS: envSecrets };

/** And what a subgraph with a database of its own needs. */
export const databaseVariables = {
  DATABASE_URL: envPostgresUrl,
  DATABASE_POOL_SIZE: envCount.default(8),
};

/** How a process of ours runs, whatever it does. */
export interface ProcessSettings {
  /** The address to listen on. */
  host: string;
  port: number;
  logLevel: string;
  /** How long it says "not ready" after a SIGTERM before it takes no more work, in ms. */
  drainDelayMs: number;
  /** Where a test has the process killed; null: nowhere. */
  failpoint: { name: Failpoint; nth: number } | null;
}

type Read<V extends z.ZodRawShape> = z.output<z.ZodObject<V>>;

/** What was read of `processVariables`, as the process takes it. */
export function processSettings({
  PORT,
  HOST,
  LOG_LEVEL,
  DRAIN_DELAY_MS,
  FAILPOINT,
}: Read<typeof processVariables> & { PORT: number }): ProcessSettings {
  return { host: HOST, port: PORT, logLevel: LOG_LEVEL, drainDelayMs: DRAIN_DELAY_MS, failpoint: FAILPOINT ?? null };
}

/** How a subgraph's process runs. */
export interface SubgraphSettings extends ProcessSettings {
  natsUrl: string;
}

/** How a subgraph's process runs, by what was read. */
export function subgraphSettings(
  variables: Read<typeof processVariables> & Read<typeof busVariables> & { PORT: number },
): SubgraphSettings {
  return { ...processSettings(variables), natsUrl: variables.NATS_URL };
}

/** What every subgraph with a database of its own is configured by. */
export function databaseSettings({
  DATABASE_URL,
  DATABASE_POOL_SIZE,
  ENVELOPE_SECRETS,
}: Read<typeof databaseVariables> & Pick<Read<typeof subgraphVariables>, 'ENVELOPE_SECRETS'>): {
  databaseUrl: string;
  poolSize: number;
  envelopeSecrets: string[];
} {
  return { databaseUrl: DATABASE_URL, poolSize: DATABASE_POOL_SIZE, envelopeSecrets: ENVELOPE_SECRETS };
}

/** How another subgraph is reached: where it answers, and a secret that it accepts. */
export interface RemoteSubgraph {
  url: string;
  envelopeSecret: string;
}
