import { envPort, processSettings, processVariables, readEnvironment, type ProcessSettings } from '@shop/platform/config';
import { z } from 'zod';
import type { ServeOptions } from './serve-card-sandbox.js';

const variables = z.object({
  ...processVariables,
  PORT: envPort.default(12_111),
  /** Empty keeps everything in memory. */
  CARD_SANDBOX_JOURNAL: z.string().default(''),
  CARD_SANDBOX_SECRET_KEY: z.string().min(1).default('sk_test_sandbox'),
  CARD_SANDBOX_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  CARD_SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  CARD_SANDBOX_WEBHOOK_SECRET: z.string().min(1).default('whsec_sandbox'),
  CARD_SANDBOX_DUPLICATE_EVERY: z.coerce.number().int().min(0).default(10),
  CARD_SANDBOX_LATE_ANSWER_MS: z.coerce.number().int().min(0).default(5_000),
});

export interface CardSandboxSettings extends ProcessSettings {
  options: Omit<ServeOptions, 'host' | 'port'>;
}

/** Reads the environment; throws ConfigError with every fault in one message. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): CardSandboxSettings {
  const env = readEnvironment(variables, environment);
  return {
    ...processSettings(env),
    options: {
      journalFile: env.CARD_SANDBOX_JOURNAL === '' ? null : env.CARD_SANDBOX_JOURNAL,
      secretKey: env.CARD_SANDBOX_SECRET_KEY,
      webhook:
        env.CARD_SANDBOX_WEBHOOK_URL === undefined ? null : { url: env.CARD_SANDBOX_WEBHOOK_URL, secret: env.CARD_SANDBOX_WEBHOOK_SECRET },
      duplicateEvery: env.CARD_SANDBOX_DUPLICATE_EVERY,
      lateAnswerMs: env.CARD_SANDBOX_LATE_ANSWER_MS,
      ...(env.CARD_SANDBOX_PUBLIC_URL === undefined ? {} : { publicUrl: env.CARD_SANDBOX_PUBLIC_URL.replace(/\/+$/, '') }),
    },
  };
}
