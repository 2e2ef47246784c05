import { commitStock, releaseStock, reserveStock, stockCommitted, stockReleased, stockReserved } from '@shop/events/inventory';
import { orderConfirmed, orderPlaced, orderStatusChanged } from '@shop/events/orders';
import { authorizePayment, capturePayment, voidPayment } from '@shop/events/payments';
import { busAt } from '@shop/platform/bus-at';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { quietLogger } from '../../kit/subgraph.js';
import { until } from '../../kit/until.js';

/** What one service says of one aggregate on one stream: the versions of those rise. */
const LANES = {
  'events of orders': [orderPlaced, orderStatusChanged, orderConfirmed],
  'commands for inventory': [reserveStock, commitStock, releaseStock],
  'commands for payments': [authorizePayment, capturePayment, voidPayment],
  'events of inventory': [stockReserved, stockCommitted, stockReleased],
} as const;

export interface Witness extends AsyncDisposable {
  /** How many events it has heard. */
  heard(): number;
  /** A sentence for each aggregate whose events did not come in their order; what comes twice counts at its first time. */
  disorder(): string[];
}

/** Hears what is sent from now on, as a consumer of its own. */
export async function witnessOf({ stores }: ShopInStack): Promise<Witness> {
  const bus = busAt(stores.urls.nats, { name: 'witness', logger: quietLogger });
  await until(async () => (bus.isOpen ? true : null), { what: 'the broker' });
  const versions = new Map<string, Set<number>>();
  const laneOf = new Map(Object.entries(LANES).flatMap(([lane, contracts]) => contracts.map(({ type }) => [type as string, lane])));
  bus.consume({
    name: 'witness',
    types: [...laneOf.keys()],
    everywhere: true,
    handle: async ({ type, aggregateId, aggregateVersion }) => {
      const key = `${laneOf.get(type)}, order ${aggregateId}`;
      const seen = versions.get(key) ?? new Set();
      versions.set(key, seen.add(aggregateVersion));
    },
    park: async () => undefined,
  });
  return {
    heard: () => [...versions.values()].reduce((sum, { size }) => sum + size, 0),
    disorder: () =>
      [...versions].flatMap(([key, seen]) => {
        const order = [...seen];
        return order.every((version, place) => version > (order[place - 1] ?? 0)) ? [] : [`${key}: ${order.join(', ')}`];
      }),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}
