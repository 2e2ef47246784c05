import { orderCancelled, orderConfirmed, orderDelivered, orderRejected, orderStatusChanged } from '@shop/events/orders';
import { money } from '@shop/events/values';
import type { Emission, Transaction } from '@shop/platform/database';
import { z } from 'zod';
import { OrderStatus, sourcesOf } from './order.js';

export interface Step {
  to: OrderStatus;
  /** Why it was rejected or cancelled. */
  reason: string | null;
  /** For people. */
  message: string;
  actor: string;
  at: Date;
}

/** Which event a step answers. */
export type Cause = Omit<Emission, 'aggregateId'>;

const steppedRow = z.object({
  number: z.string(),
  customer_id: z.string().nullable(),
  email: z.string(),
  locale: z.string(),
  cart_id: z.string().nullable(),
  revision: z.int(),
  previous: z.enum(OrderStatus),
  lines: z.array(z.object({ sku: z.string(), productName: z.string(), variantName: z.string(), quantity: z.int(), unitPrice: money })),
  totals: z.object({ subtotal: money, discount: money, shipping: money, tax: money, total: money }),
});

type Stepped = z.output<typeof steppedRow>;

/**
 * Takes an order one step further: status, revision and timeline in one write, and the events that tell of it. Throws when the table of
 * states does not allow the step from where the order is: callers decide under the order's lock, so that is a bug.
 */
export async function takeStep(tx: Transaction, orderId: string, step: Step, cause: Cause): Promise<void> {
  const [row] = await tx.rows(
    steppedRow,
    `update orders set status = $2, status_reason = $3, revision = orders.revision + 1,
       timeline = timeline || jsonb_build_object('revision', orders.revision + 1, 'at', $4::text, 'status', $2::text, 'message', $5::text, 'actor', $6::text)
     where id = $1 and status = any($7::text[])
     returning number, customer_id, email, locale, cart_id, new.revision, old.status as previous, lines, totals`,
    [orderId, step.to, step.reason, step.at.toISOString(), step.message, step.actor, sourcesOf(step.to)],
  );
  if (!row) throw new Error(`Order ${orderId} cannot become ${step.to} from where it is.`);
  announceStep(tx, orderId, step, row, cause);
}

function announceStep(tx: Transaction, orderId: string, { to, reason, message, at }: Step, row: Stepped, cause: Cause): void {
  const { number: orderNumber, customer_id: customerId, email, locale, cart_id: cartId, revision, previous, lines, totals } = row;
  const about = { orderId, orderNumber, customerId, email, locale };
  const emission = { aggregateId: orderId, ...cause };
  tx.emit(orderStatusChanged, emission, {
    ...about,
    revision,
    status: to,
    previousStatus: previous,
    reason,
    message,
    at: at.toISOString(),
  });
  switch (to) {
    case 'CONFIRMED':
      return tx.emit(orderConfirmed, emission, { ...about, lines, totals });
    case 'REJECTED':
      return tx.emit(orderRejected, emission, { ...about, reason: reason ?? 'REJECTED', cartId, lines });
    case 'CANCELLED':
      return tx.emit(orderCancelled, emission, { ...about, reason });
    case 'DELIVERED':
      return tx.emit(orderDelivered, emission, about);
    case 'PLACED':
    case 'PARTIALLY_SHIPPED':
    case 'SHIPPED':
    case 'RETURNED':
      return undefined;
    default:
      return to satisfies never;
  }
}
