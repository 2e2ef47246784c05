import { newId } from '@shop/platform/ids';
import { as, dataOf, userViewer } from '@shop/tests/kit/subgraph';
import { expect, test } from 'vitest';
import { OrderStatus } from '../src/order.js';
import { seedOrders, type SeedOrder } from '../src/seed.js';
import { draftOf, startOrdersAlone } from './orders-kit.js';

const lives: Record<OrderStatus, OrderStatus[]> = {
  PLACED: [],
  CONFIRMED: ['CONFIRMED'],
  REJECTED: ['REJECTED'],
  CANCELLED: ['CONFIRMED', 'CANCELLED'],
  PARTIALLY_SHIPPED: ['CONFIRMED', 'PARTIALLY_SHIPPED'],
  SHIPPED: ['CONFIRMED', 'SHIPPED'],
  DELIVERED: ['CONFIRMED', 'SHIPPED', 'DELIVERED'],
  RETURNED: ['CONFIRMED', 'SHIPPED', 'DELIVERED', 'RETURNED'],
};
const staff = userViewer(undefined, ['orders:read', 'orders:write']);

function seedOrder(status: OrderStatus, n: number): SeedOrder {
  const { cartId: _, cartVersion: __, ...content } = draftOf({ customerId: 'c1' });
  const at = (hour: number) => new Date(Date.UTC(2026, 0, n + 1, hour));
  const isOut = lives[status].some((step) => step === 'SHIPPED' || step === 'PARTIALLY_SHIPPED');
  const lines = status === 'PARTIALLY_SHIPPED' ? { lines: [{ line: 0, quantity: 1 }] } : {};
  const events = [{ at: at(8), status: 'IN_TRANSIT' as const, message: 'On its way.' }];
  return {
    ...content,
    id: newId(),
    timeline: (['PLACED', ...lives[status]] as const).map((step, hour) => ({ at: at(hour), status: step })),
    shipments: isOut ? [{ carrier: 'DHL', trackingNumber: `T${n}`, events, ...lines }] : [],
  };
}

test('orders in every state can be read, listed and carried on from', async () => {
  await using shop = await startOrdersAlone();
  const seeds = Object.values(OrderStatus).map(seedOrder);
  await seedOrders(shop.databaseUrl, seeds);
  await seedOrders(shop.databaseUrl, seeds);
  const ask = async (query: string) => dataOf(as(shop.orders, staff)(query));
  const { orders } = await ask(`{ orders(first: 100) { nodes { status revision number shipments { lines { quantity } } } } }`);
  expect(orders).toMatchObject({
    nodes: seeds.toReversed().map(({ timeline }, index) => ({
      status: timeline.at(-1)?.status,
      revision: timeline.length,
      number: `S-${100_001 + seeds.length - 1 - index}`,
    })),
  });
  expect(JSON.stringify(orders)).toContain('"lines":[{"quantity":1}]');

  const idOf = (status: OrderStatus) => seeds[Object.values(OrderStatus).indexOf(status)]?.id;
  const cancelled = await ask(
    `mutation { cancelOrder(input: { orderId: "${idOf('CONFIRMED')}" }) { ... on OrderPayload { order { status } } } }`,
  );
  expect(cancelled).toEqual({ cancelOrder: { order: { status: 'CANCELLED' } } });
  const shipped = await ask(
    `mutation { createShipment(input: { orderId: "${idOf('PARTIALLY_SHIPPED')}", carrier: "UPS" }) { ... on OrderPayload { order { status shipments { lines { quantity } } } } } }`,
  );
  expect(shipped).toEqual({
    createShipment: {
      order: { status: 'SHIPPED', shipments: [{ lines: [{ quantity: 1 }] }, { lines: [{ quantity: 2 }, { quantity: 1 }] }] },
    },
  });
  await shop.settle();
  expect(shop.sent(idOf('CONFIRMED') ?? '')).toContain('void');
  expect(shop.sent(idOf('DELIVERED') ?? '')).toEqual([]);
});
