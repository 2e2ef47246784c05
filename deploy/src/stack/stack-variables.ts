import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const storedSchema = z.record(z.string(), z.string());

/** One machine makes all the requests here; the throttle per account stays as it is. */
export const wideLimits = {
  SIGN_IN_PER_ADDRESS_PER_MINUTE: '100000',
  REGISTER_PER_ADDRESS_PER_MINUTE: '100000',
  CHECKOUTS_PER_ADDRESS_PER_MINUTE: '100000',
  REQUEST_TIMEOUT_MS: '10000',
  SOCKETS_PER_VIEWER: '1000',
  SOCKETS_PER_ADDRESS: '1000',
} as const;

/** A value for each variable that must be set: kept in `file` (readable by the owner only), so that a later start finds the same. */
export function keptSecrets(file: string, names: readonly string[]): Record<string, string> {
  const kept = existsSync(file) ? storedSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const all = Object.fromEntries(names.map((name) => [name, kept[name] ?? newSecret(name)]));
  writeFileSync(file, JSON.stringify({ ...kept, ...all }, null, 2), { mode: 0o600 });
  return all;
}

/** Letters, digits, - and _ only, so that it may stand in a URL as it is. */
export function newSecret(name: string): string {
  const prefix = name === 'STRIPE_SECRET_KEY' ? 'sk_test_' : name === 'STRIPE_WEBHOOK_SECRETS' ? 'whsec_' : '';
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}
