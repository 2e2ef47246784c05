import { z } from 'zod';
import { envPort, readEnvironment } from '@shop/platform/config';

const environmentSchema = z.object({
  PORT: envPort.default(4000),
  HOST: z.string().default('127.0.0.1'),
  SHOP_FOLDER: z.string().default('.shop'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'),
  DEMO_CARRIER: z.enum(['on', 'off']).default('on'),
});

export interface StandaloneConfig {
  port: number;
  host: string;
  /** Everything that the shop remembers. */
  folder: string;
  logLevel: string;
  /** Begin with an empty shop and new sample data. */
  isFresh: boolean;
  withCarrier: boolean;
}

/** Throws ConfigError that names every fault of environment and arguments. */
export function readConfig(environment: NodeJS.ProcessEnv, args: readonly string[]): StandaloneConfig {
  const unknown = args.filter((arg) => arg !== '--fresh');
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}; only --fresh is known.`);
  const { PORT, HOST, SHOP_FOLDER, LOG_LEVEL, DEMO_CARRIER } = readEnvironment(environmentSchema, environment);
  return {
    port: PORT,
    host: HOST,
    folder: SHOP_FOLDER,
    logLevel: LOG_LEVEL,
    isFresh: args.includes('--fresh'),
    withCarrier: DEMO_CARRIER === 'on',
  };
}
