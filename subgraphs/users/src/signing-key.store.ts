import type { Database } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

const privateJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });

const signingKeyRow = z
  .object({ kid: z.string(), private_jwk: privateJwk })
  .transform((row) => ({ kid: row.kid, privateJwk: row.private_jwk }));

export type SigningKey = z.output<typeof signingKeyRow>;

const CREATION_LOCK = 7_403_201;

/**
 * The keys of access tokens, newest first. The very first start makes one; of several processes that start together only one does, so
 * that all of them sign with the same.
 */
export async function loadSigningKeys(db: Database, now: Date): Promise<[SigningKey, ...SigningKey[]]> {
  const [newest, ...older] = await readKeys(db);
  if (newest) return [newest, ...older];
  const made = await generateKey();
  return await db.transaction(async (tx) => {
    await tx.run(`select pg_advisory_xact_lock($1)`, [CREATION_LOCK]);
    const [other, ...rest] = await readKeys(tx);
    if (other) return [other, ...rest];
    await tx.run(`insert into signing_key (kid, private_jwk, created_at) values ($1, $2, $3)`, [
      made.kid,
      JSON.stringify(made.privateJwk),
      now.toISOString(),
    ]);
    return [made];
  });
}

function readKeys(sql: Sql): Promise<SigningKey[]> {
  return sql.rows(signingKeyRow, `select kid, private_jwk from signing_key order by created_at desc, kid`);
}

async function generateKey(): Promise<SigningKey> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(pair.privateKey);
  return { kid: await calculateJwkThumbprint(jwk), privateJwk: privateJwk.parse(jwk) };
}
