import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf, guestCart, placeOrder, someSkus, type PlacedOrder } from '../../kit/buyer.js';
import { deliverOrder, shipOrder } from '../../kit/staff.js';
import type { ShopClient } from '../../kit/shop-client.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';

const FOLLOW = `subscription F($id: ID!, $after: Int) { orderStatusChanged(orderId: $id, afterRevision: $after) {
  revision status order { number payment { status } lines { sku variant { product { name } availability { status } } } } } }`;

const step = z.object({
  revision: z.number(),
  status: z.string(),
  order: z.object({
    number: z.string(),
    /** null until payments has heard of the order. */
    payment: z.object({ status: z.string() }).nullable(),
    lines: z.array(
      z.object({
        sku: z.string(),
        variant: z.object({ product: z.object({ name: z.string() }), availability: z.object({ status: z.string() }) }),
      }),
    ),
  }),
});
const event = z.object({ errors: z.undefined().optional(), data: z.object({ orderStatusChanged: step }) });
type Step = z.infer<typeof step>;

describe('a guest who follows an order with its token', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let staff: ShopClient;
  let sku: string;
  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    staff = await shop.signedIn('staff@shop.example');
    [sku = ''] = await someSkus(shop, 1);
  });
  afterAll(() => disposables.disposeAsync());

  const bought = async (): Promise<PlacedOrder> => placeOrder(await guestCart(shop).with(sku).ready());

  /** One connection: the steps up to this status, handed on as they come. */
  async function* connection(order: PlacedOrder, after: number, last: string): AsyncGenerator<Step> {
    await using events = bearerOf(shop, order).follow(FOLLOW, { id: order.id, after });
    for await (const answer of events) {
      const { orderStatusChanged } = event.parse(answer).data;
      yield orderStatusChanged;
      if (orderStatusChanged.status === last) return;
    }
  }
  const stepsOf = (order: PlacedOrder, after: number, last: string) => Array.fromAsync(connection(order, after, last));
  const seen = (steps: readonly Step[]) => steps.map(({ revision, status }) => `${revision} ${status}`);

  it('misses no step and sees none twice over a connection that breaks', async () => {
    const order = await bought();
    const first = await stepsOf(order, 0, 'CONFIRMED');
    await shipOrder(staff, order.id);
    const second = await stepsOf(order, first.at(-1)?.revision ?? 0, 'SHIPPED');
    const live = connection(order, second.at(-1)?.revision ?? 0, 'DELIVERED');
    const delivered = live.next();
    await deliverOrder(staff, order.id);
    expect(seen([...first, ...second, (await delivered).value].filter((value) => value !== undefined))).toEqual([
      '1 PLACED',
      '2 CONFIRMED',
      '3 SHIPPED',
      '4 DELIVERED',
    ]);
  });

  it('is told with every step what payments, catalog and inventory know by then', async () => {
    const order = await bought();
    await shop.settle();
    await shipOrder(staff, order.id);
    const steps = await stepsOf(order, 0, 'SHIPPED');
    expect(steps).toHaveLength(3);
    for (const { order: known } of steps) {
      expect(known).toMatchObject({ number: order.number, payment: { status: 'CAPTURED' } });
      expect(known.lines).toMatchObject([{ sku, variant: { availability: { status: 'IN_STOCK' } } }]);
    }
  });

  it('goes on where it was after the whole shop was restarted', async () => {
    const order = await bought();
    await shop.settle();
    const live = connection(order, 0, 'never');
    const before = [await live.next(), await live.next()].flatMap(({ value }) => (value ? [value] : []));
    const cut = live.next().catch((error: unknown) => error);
    await shop.restart();
    expect(await cut).toMatchObject({ code: 1001 });
    await shipOrder(staff, order.id);
    await deliverOrder(staff, order.id);
    const after = await stepsOf(order, before.at(-1)?.revision ?? 0, 'DELIVERED');
    expect(seen([...before, ...after])).toEqual(['1 PLACED', '2 CONFIRMED', '3 SHIPPED', '4 DELIVERED']);
  });

  it('is refused with the token of another order, as for an order that is not there', async () => {
    const [mine, other] = [await bought(), await bought()];
    const ask = async (id: string) => {
      await using events = bearerOf(shop, mine).follow(FOLLOW, { id, after: 0 });
      return (await events.next()).value;
    };
    const refused = await ask(other.id);
    expect(refused).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(refused).toEqual(await ask('0198c000-0000-7000-8000-000000000000'));
  });
});
