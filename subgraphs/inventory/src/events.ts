import { commitStock, releaseStock, reserveStock } from '@shop/events/inventory';
import type { Clock } from '@shop/platform/clock';
import { when, type Subscription } from '@shop/platform/consumer';
import { commitStockFor } from './commit-stock.js';
import { releaseStockFor } from './release-stock.js';
import { reserveStockFor } from './reserve-stock.js';

export interface InventoryServices {
  clock: Clock;
  holdMs: number;
}

export const subscriptions: readonly Subscription<InventoryServices>[] = [
  when(reserveStock, ({ data, id }, tx, services) => reserveStockFor(tx, data.orderId, data.lines, stepOf(id, services))),
  when(commitStock, ({ data, id }, tx, services) => commitStockFor(tx, data.orderId, stepOf(id, services))),
  when(releaseStock, ({ data, id }, tx, services) => releaseStockFor(tx, data.orderId, data.reason, stepOf(id, services))),
];

function stepOf(causationId: string, { clock, holdMs }: InventoryServices) {
  return { at: clock.now(), holdMs, causationId };
}
