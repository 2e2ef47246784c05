import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const secret = z.string().min(32);

const secretsSchema = z.object({ envelope: secret, orderToken: secret, cardProviderKey: secret, cardWebhook: secret });

/** Secrets of one shop; made at its first start and kept, so that order tokens and pending webhooks outlive a restart. */
export type ShopSecrets = z.infer<typeof secretsSchema>;

export function newShopSecrets(): ShopSecrets {
  const make = (prefix = '') => `${prefix}${randomBytes(32).toString('base64url')}`;
  return { envelope: make(), orderToken: make(), cardProviderKey: make('sk_test_'), cardWebhook: make('whsec_') };
}

/** Reads the secrets of `folder`, or makes and stores them (readable by the owner only). */
export async function shopSecretsOf(folder: string): Promise<ShopSecrets> {
  const file = join(folder, 'secrets.json');
  const stored = await readFile(file, 'utf8').catch(() => null);
  if (stored !== null) return secretsSchema.parse(JSON.parse(stored));
  const made = newShopSecrets();
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}
