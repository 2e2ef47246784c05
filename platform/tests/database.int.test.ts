import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Transaction } from '@shop/platform/database';
import { openTestDatabase, type OpenTestDatabase } from '@shop/tests/kit/database';

const setting = z.object({ statement_timeout: z.string() });
const statementTimeout = async ({ rows }: Pick<Transaction, 'rows'>) =>
  (await rows(setting, 'show statement_timeout'))[0]?.statement_timeout;

describe('the time that a statement may take', () => {
  let place: OpenTestDatabase;
  beforeEach(async () => void (place = await openTestDatabase()));
  afterEach(() => place[Symbol.asyncDispose]());

  it('is bounded in a transaction, not in a long one, and bounded again on its connection afterwards', async () => {
    const { db } = place;
    expect(await db.transaction(statementTimeout)).toBe('3s');
    expect(await db.longTransaction(statementTimeout)).toBe('0');
    expect(await db.transaction(statementTimeout)).toBe('3s');
  });
});
