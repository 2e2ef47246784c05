import { z } from 'zod';
import type { ServeOptions } from './serve-card-sandbox.js';

const variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(12_111),
  /** Empty keeps everything in memory. */
  CARD_SANDBOX_JOURNAL: z.string().default(''),
  CARD_SANDBOX_SECRET_KEY: z.string().min(1).default('sk_test_sandbox'),
  CARD_SANDBOX_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  CARD_SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  CARD_SANDBOX_WEBHOOK_SECRET: z.string().min(1).default('whsec_sandbox'),
  CARD_SANDBOX_DUPLICATE_EVERY: z.coerce.number().int().min(0).default(10),
});

/** Reads the environment; throws with every fault in one message. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ServeOptions {
  const parsed = variables.safeParse(environment);
  if (!parsed.success) throw new Error(`The environment is incomplete:\n${z.prettifyError(parsed.error)}`);
  const env = parsed.data;
  return {
    host: env.HOST,
    port: env.PORT,
    logger: true,
    journalFile: env.CARD_SANDBOX_JOURNAL === '' ? null : env.CARD_SANDBOX_JOURNAL,
    secretKey: env.CARD_SANDBOX_SECRET_KEY,
    webhook:
      env.CARD_SANDBOX_WEBHOOK_URL === undefined ? null : { url: env.CARD_SANDBOX_WEBHOOK_URL, secret: env.CARD_SANDBOX_WEBHOOK_SECRET },
    duplicateEvery: env.CARD_SANDBOX_DUPLICATE_EVERY,
    ...(env.CARD_SANDBOX_PUBLIC_URL === undefined ? {} : { publicUrl: env.CARD_SANDBOX_PUBLIC_URL.replace(/\/+$/, '') }),
  };
}
