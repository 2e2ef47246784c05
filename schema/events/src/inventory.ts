import { z } from 'zod';
import { command, event } from './envelope.js';
import { instant, quantityOfSku } from './values.js';

export const reserveStock = command(
  'inventory.reserve-stock.v1',
  'order',
  'Hold these quantities for an order, all or none, until they are committed, released or expire. Answered by stock-reserved or stock-rejected.',
  z.object({ orderId: z.string(), lines: z.array(quantityOfSku).min(1) }),
);

export const commitStock = command(
  'inventory.commit-stock.v1',
  'order',
  'What is held for the order is sold. Answered by stock-committed.',
  z.object({ orderId: z.string() }),
);

export const releaseStock = command(
  'inventory.release-stock.v1',
  'order',
  'Give back whatever the order has: what is held becomes available, what is committed returns to the shelf. Safe when nothing was reserved; a reserve-stock that arrives later is refused. Answered by stock-released.',
  z.object({ orderId: z.string(), reason: z.string() }),
);

export const stockReserved = event(
  'inventory.stock-reserved.v1',
  'order',
  'Everything that the order asked for is held.',
  z.object({ orderId: z.string(), expiresAt: instant }),
);

export const stockRejected = event(
  'inventory.stock-rejected.v1',
  'order',
  'Nothing is held or sold for the order: not everything was there, its release or expiry came first, or there was nothing to commit.',
  z.object({
    orderId: z.string(),
    /** Empty unless the reason is OUT_OF_STOCK. */
    shortages: z.array(z.object({ sku: z.string(), requested: z.int(), available: z.int() })),
    /** OUT_OF_STOCK when left out. */
    reason: z.enum(['OUT_OF_STOCK', 'ALREADY_RELEASED', 'ALREADY_EXPIRED', 'NOTHING_HELD']).optional(),
  }),
);

export const stockReleased = event(
  'inventory.stock-released.v1',
  'order',
  'Nothing is held for the order any more: asked for, or EXPIRED.',
  z.object({ orderId: z.string(), reason: z.string() }),
);

export const stockCommitted = event(
  'inventory.stock-committed.v1',
  'order',
  'The stock of the order has left for good.',
  z.object({ orderId: z.string() }),
);

export const stockChanged = event(
  'inventory.stock-changed.v1',
  'sku',
  'How much of one SKU can be bought now, over all warehouses; a lower version than one already seen is late.',
  z.object({
    sku: z.string(),
    version: z.int(),
    available: z.int(),
    status: z.enum(['IN_STOCK', 'LOW_STOCK', 'OUT_OF_STOCK']),
    at: instant,
  }),
);

export const lowStock = event(
  'inventory.low-stock.v1',
  'sku',
  'The available quantity fell to the safety stock or below.',
  z.object({ sku: z.string(), available: z.int(), safetyStock: z.int() }),
);
