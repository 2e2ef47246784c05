import type { Database } from '@shop/platform/database';
import { advance, lockCheckout, type CheckoutServices } from './checkout-runner.js';
import type { Order } from './order.entity.js';
import { transition, type Transition } from './order.js';
import { findOrder, readOrder } from './order.store.js';

export type Cancellation = { kind: 'cancelled'; order: Order } | { kind: 'missing' } | Extract<Transition, { kind: 'illegal' }>;

/** Cancels an order before its shipment: one transaction with what gives stock and money back. */
export async function cancelOrder(
  db: Database,
  orderId: string,
  { reason, actor, traceparent }: { reason: string | null; actor: string; traceparent: string | null },
  services: CheckoutServices,
): Promise<Cancellation> {
  const refused = await db.transaction(async (tx): Promise<Cancellation | null> => {
    await lockCheckout(tx, orderId);
    const order = await readOrder(tx, orderId);
    if (!order) return { kind: 'missing' };
    const step = transition(order.status, 'CANCELLED');
    if (step.kind === 'illegal') return step;
    if (step.kind === 'unchanged') return { kind: 'illegal', from: order.status, to: 'CANCELLED', allowed: [] };
    await advance(tx, orderId, { type: 'cancel', reason, actor }, services, { traceparent });
    return null;
  });
  if (refused) return refused;
  const order = await findOrder(db, orderId);
  return order ? { kind: 'cancelled', order } : { kind: 'missing' };
}
