import { envPort, readEnvironment } from '@shop/platform/config';
import { z } from 'zod';
import { composeText } from '../compose/compose-file.js';
import { variablesIn } from '../compose/interpolation.js';

const url = z.url({ error: 'an address' }).optional();

const environmentSchema = z.object({
  PORT: envPort.default(4000),
  DEMO_CARRIER: z.enum(['on', 'off']).default('on'),
  STACK_FOLDER: z.string().min(1).default('.stack'),
  POSTGRES_URL: url,
  NATS_URL: url,
  REDIS_URL: url,
  ELASTICSEARCH_URL: url,
  MONGODB_URL: url,
});

const flags = ['--check', '--fresh', '--empty', '--make-env'] as const;

export interface StackSettings {
  port: number;
  folder: string;
  /** Stores that run already, by their name in the compose file; the others are started here. */
  stores: Readonly<Record<string, string>>;
  /** What else the compose file lets choose. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Buy something as a guest, and end. */
  isCheck: boolean;
  /** Forget everything first. */
  isFresh: boolean;
  /** Without sample data. */
  isEmpty: boolean;
  /** Somebody ships and delivers new orders, as in `npm start`; needs the sample data. */
  withCarrier: boolean;
  /** Only write an `.env` for docker compose. */
  makesEnv: boolean;
}

/** Throws ConfigError that names every fault of the environment, or Error for an unknown argument. */
export function readStackConfig(
  environment: NodeJS.ProcessEnv = process.env,
  args: readonly string[] = process.argv.slice(2),
): StackSettings {
  const unknown = args.filter((arg) => !flags.some((flag) => flag === arg));
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}; known are ${flags.join(', ')}.`);
  const env = readEnvironment(environmentSchema, environment);
  const named = {
    postgres: env.POSTGRES_URL,
    nats: env.NATS_URL,
    redis: env.REDIS_URL,
    elasticsearch: env.ELASTICSEARCH_URL,
    mongodb: env.MONGODB_URL,
  };
  return {
    port: env.PORT,
    folder: env.STACK_FOLDER,
    stores: Object.fromEntries(Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    variables: Object.fromEntries(variablesIn(composeText()).map((name) => [name, environment[name]])),
    isCheck: args.includes('--check'),
    isFresh: args.includes('--fresh'),
    isEmpty: args.includes('--empty'),
    withCarrier: env.DEMO_CARRIER === 'on' && !args.includes('--empty'),
    makesEnv: args.includes('--make-env'),
  };
}
