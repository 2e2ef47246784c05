import { expect, it } from 'vitest';
import { z } from 'zod';
import { guestCart, placeOrder, someSkus } from '../../kit/buyer.js';
import { deliverOrder, shipOrder } from '../../kit/staff.js';
import { userViewer } from '../../kit/subgraph.js';
import { bothReplicas, type Replica, type ShopNow } from './one-replica.js';

const FOLLOW = 'subscription F($id: ID!) { orderStatusChanged(orderId: $id, afterRevision: 0) { revision status } }';

const stepSchema = z.object({ revision: z.number(), status: z.string() });

export function followers(shop: ShopNow): void {
  it('an order is followed at either replica: every step once, in order', async () => {
    const [sku = ''] = await someSkus(shop(), 1);
    const staff = await shop().signedIn('staff@shop.example');
    const replicas = await bothReplicas(shop(), 'orders', userViewer(undefined, ['orders:read']));
    await using _one = replicas[0];
    await using _two = replicas[1];
    const { id } = await placeOrder(await guestCart(shop()).with(sku).ready());
    const following = replicas.map((replica) => stepsOf(replica, id));
    const confirmed = following.map((steps) => steps.until('CONFIRMED'));
    await Promise.all(confirmed);
    await shipOrder(staff, id);
    await deliverOrder(staff, id);
    const heard = await Promise.all(following.map((steps) => steps.until('DELIVERED')));
    const expected = ['1 PLACED', '2 CONFIRMED', '3 SHIPPED', '4 DELIVERED'];
    expect(heard).toEqual([expected, expected]);
  });
}

function stepsOf(replica: Replica, id: string) {
  const stream = replica.follow(FOLLOW, { id });
  const seen: string[] = [];
  return {
    /** All steps from the first one on, up to this status. */
    until: async (last: string): Promise<string[]> => {
      for (;;) {
        const { revision, status } = stepSchema.parse((await stream.next()).value);
        seen.push(`${revision} ${status}`);
        if (status === last) return seen;
      }
    },
  };
}
