import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buyAll, expectAllConfirmed, readyCarts } from '../../chaos/faults/buyers.js';
import type { BookName } from '../../kit/ledger.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import type { ShopNow } from './one-replica.js';
import { witnessOf } from './witness.js';

const SENDERS: readonly BookName[] = ['users', 'cart', 'orders', 'payments', 'inventory', 'notifications'];

const LEASE = `select fence::int, expires_at::text as "expiresAt" from lease where name = 'relay' and expires_at > now()`;
const leaseSchema = z.object({ fence: z.number(), expiresAt: z.string() });
type LeaseRow = z.infer<typeof leaseSchema>;

export function relays(shop: ShopNow): void {
  describe('of the relays of a service', () => {
    it('one sends, and the other does not get its turn while that one lives', async () => {
      const before = await Promise.all(SENDERS.map((sender) => leaseOf(shop(), sender)));
      await expectAllConfirmed(shop(), await buyAll(await readyCarts(shop(), 6)));
      const after = await Promise.all(SENDERS.map((sender) => leaseOf(shop(), sender)));
      expect(after.map(({ fence }) => fence)).toEqual(before.map(({ fence }) => fence));
    });

    it.each(['orders', 'inventory'] as const)(
      'the one of %s stands still beyond its lease and goes on: nothing is lost, nothing out of order',
      async (service) => {
        await using witness = await witnessOf(shop());
        const [early, late] = [await readyCarts(shop(), 6), await readyCarts(shop(), 4)];
        const buying = buyAll(early);
        const { fence } = await leaseOf(shop(), service);
        const paused = await pausedUntilSucceeded(shop(), service, fence);
        const bought = await buyAll(late);
        paused.signal('SIGCONT');
        await expectAllConfirmed(shop(), [...(await buying), ...bought]);
        expect(witness.heard()).toBeGreaterThan(0);
        expect(witness.disorder()).toEqual([]);
        expect((await leaseOf(shop(), service)).fence).toBeGreaterThan(fence);
      },
      300_000,
    );
  });
}

function leaseOf({ sql }: ShopInStack, sender: BookName): Promise<LeaseRow> {
  return until(async () => leaseSchema.parse((await sql(sender, LEASE))[0]), { what: `a relay of ${sender}` });
}

/** Stops whichever replica holds the lease, and returns it, standing still, when the other one has taken over. */
async function pausedUntilSucceeded(shop: ShopInStack, service: BookName, fence: number) {
  for (const name of [service, `${service}-2`]) {
    const suspect = shop.stack.process(name);
    suspect.signal('SIGSTOP');
    if (await isSucceeded(shop, service, fence)) return suspect;
    suspect.signal('SIGCONT');
  }
  throw new Error(`No replica of ${service} sends.`);
}

/** False when the lease is renewed all the same; one renewal may have been under way. */
function isSucceeded({ sql }: ShopInStack, service: BookName, fence: number): Promise<boolean> {
  const renewals = new Set<string>();
  return until(
    async () => {
      const lease = leaseSchema.safeParse((await sql(service, LEASE))[0]);
      if (!lease.success) return null;
      if (lease.data.fence > fence) return true;
      renewals.add(lease.data.expiresAt);
      return renewals.size > 3 ? false : null;
    },
    { timeoutMs: 60_000, what: `another relay of ${service}` },
  );
}
