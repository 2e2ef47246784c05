import { stockChanged } from '@shop/events/inventory';
import { parkEvent } from '@shop/platform/dead-letter';
import type { Database } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { z } from 'zod';

/** How much of each SKU can be bought, as inventory last told. A hint for the person; what decides is the reservation. */
export interface StockView extends AsyncDisposable {
  /** One read. A SKU that is not in the answer is unknown. */
  available(skus: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

const CONSUMER = 'cart-stock';
const stockRow = z.object({ sku: z.string(), available: z.int() });

/**
 * Keeps the newest stock-changed of each SKU. It needs no inbox: a version that is not newer changes nothing, so an event may come
 * twice or late.
 */
export function stockViewOf(db: Database, bus: EventBus): StockView {
  const consuming = bus.consume({
    name: CONSUMER,
    types: [stockChanged.type],
    handle: async (event) => {
      const { sku, available, version } = stockChanged.data.parse(event.data);
      await db.run(
        `insert into stock_view (sku, available, version) values ($1, $2, $3)
         on conflict (sku) do update set available = excluded.available, version = excluded.version
         where stock_view.version < excluded.version`,
        [sku, available, version],
      );
    },
    park: (event, error, attempts) => parkEvent(db, CONSUMER, event, error, attempts),
  });
  return {
    available: async (skus) => {
      if (skus.length === 0) return new Map();
      const rows = await db.rows(stockRow, `select sku, available from stock_view where sku = any($1)`, [skus]);
      return new Map(rows.map(({ sku, available }) => [sku, available]));
    },
    [Symbol.asyncDispose]: () => consuming[Symbol.asyncDispose](),
  };
}
