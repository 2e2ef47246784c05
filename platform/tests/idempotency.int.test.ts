import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@shop/platform/database';
import { claimIdempotent, completeIdempotent, releaseIdempotent, type IdempotencyKey } from '@shop/platform/idempotency';
import { openTestDatabase } from '@shop/tests/kit/database';

const { signal } = new AbortController();
let db: Database;

beforeAll(async () => {
  const opened = await openTestDatabase();
  db = opened.db;
  return () => opened[Symbol.asyncDispose]();
});

const claim = (id: IdempotencyKey, request: unknown, waitMs = 0) => claimIdempotent(db, id, request, signal, waitMs);

describe('an idempotency key', () => {
  it('lets one of 50 equal requests through, and gives all others its answer', async () => {
    const id = { scope: 'user:1/checkout', key: 'race' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const outcome = await claim(id, { total: 1 }, 5_000);
        if (outcome.kind === 'first') await db.transaction((tx) => completeIdempotent(tx, id, { orderId: 'o1' }));
        return outcome;
      }),
    );
    expect(answers.filter(({ kind }) => kind === 'first')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'replay')).toHaveLength(49);
    expect(answers.find(({ kind }) => kind === 'replay')).toEqual({ kind: 'replay', response: { orderId: 'o1' } });
  });

  it('does not mind the order of fields, and refuses another request', async () => {
    const id = { scope: 's', key: 'order of fields' };
    expect(await claim(id, { a: 1, b: { c: 2, d: 3 } })).toEqual({ kind: 'first' });
    await completeIdempotent(db, id, 1);
    expect(await claim(id, { b: { d: 3, c: 2 }, a: 1 })).toEqual({ kind: 'replay', response: 1 });
    expect(await claim(id, { a: 2, b: { c: 2, d: 3 } })).toEqual({ kind: 'mismatch' });
  });

  it('is another one for another person', async () => {
    expect(await claim({ scope: 'user:1', key: 'same' }, 1)).toEqual({ kind: 'first' });
    expect(await claim({ scope: 'user:2', key: 'same' }, 2)).toEqual({ kind: 'first' });
  });

  it('is free again when nothing was done, and held while somebody is at it', async () => {
    const id = { scope: 's', key: 'released' };
    await claim(id, 1);
    expect(await claim(id, 1)).toEqual({ kind: 'in-progress' });
    await releaseIdempotent(db, id);
    expect(await claim(id, 'another request')).toEqual({ kind: 'first' });
  });

  it('is free again for the same request after a crash, once its lock is over', async () => {
    const id = { scope: 's', key: 'crashed' };
    await claim(id, 1);
    await db.run(`update idempotency set locked_until = now() - interval '1 second' where key = 'crashed'`);
    expect(await claim(id, 2)).toEqual({ kind: 'mismatch' });
    expect(await claim(id, 1)).toEqual({ kind: 'first' });
  });
});
