import { forbidden } from '@shop/platform/graphql-errors';
import { Scopes } from '@shop/platform/scopes';
import { illegalTransitionError, notFoundError, validationError } from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { actorOf } from '@shop/platform/viewer';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { z } from 'zod';
import { mayCancel, mayRead } from './access.js';
import { cancelOrder } from './cancel-order.js';
import type { OrdersContext } from './context.js';
import { AddTrackingEventInput, CancelOrderInput, CreateShipmentInput, orderPayload, OrderResult } from './order-results.js';
import { findOrder } from './order.store.js';
import { shipOrder, type Acting } from './ship-order.js';
import { ShipmentStatus } from './shipment.js';
import { trackShipment } from './track-shipment.js';

type Result = OrderResult;

const optionalText = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .nullish()
    .transform((text) => text || null);
const cancelInput = z.object({ orderId: z.string(), reason: optionalText(500) });
const shipmentInput = z.object({
  orderId: z.string(),
  carrier: z.string().trim().min(1).max(100),
  trackingNumber: optionalText(100),
  lines: z
    .array(z.object({ orderLineId: z.string(), quantity: z.int() }))
    .max(100)
    .nullish()
    .transform((lines) => lines ?? null),
});
const trackingInput = z.object({
  shipmentId: z.string(),
  status: z.enum(ShipmentStatus),
  location: optionalText(200),
  message: z.string().trim().min(1).max(500),
});

@Resolver()
export class OrderChangesResolver {
  @Mutation(() => OrderResult)
  async cancelOrder(@Arg('input', () => CancelOrderInput) input: CancelOrderInput, @Ctx() context: OrdersContext): Promise<Result> {
    const checked = validate(cancelInput, input);
    if (checked.kind === 'invalid') return checked.error;
    const { orderId, reason } = checked.value;
    const order = await findOrder(context.db, orderId);
    if (!order || !(mayRead(context.viewer, order) || mayCancel(context.viewer, order))) return notFoundError('Order');
    if (!mayCancel(context.viewer, order)) throw forbidden('orders:write');
    const outcome = await cancelOrder(context.db, orderId, { reason, ...actingOf(context) }, context.services);
    switch (outcome.kind) {
      case 'cancelled':
        return orderPayload(outcome.order);
      case 'missing':
        return notFoundError('Order');
      case 'illegal':
        return illegalTransitionError(outcome.from, outcome.to, outcome.allowed);
      default:
        return outcome satisfies never;
    }
  }

  @Scopes('orders:write')
  @Mutation(() => OrderResult, { description: 'Staff.' })
  async createShipment(
    @Arg('input', () => CreateShipmentInput) input: CreateShipmentInput,
    @Ctx() context: OrdersContext,
  ): Promise<Result> {
    const checked = validate(shipmentInput, input);
    if (checked.kind === 'invalid') return checked.error;
    const outcome = await shipOrder(context.db, checked.value, actingOf(context), context.services);
    switch (outcome.kind) {
      case 'shipped':
        return changed(checked.value.orderId, context);
      case 'missing':
        return notFoundError('Order');
      case 'illegal':
        return illegalTransitionError(outcome.from, outcome.to, outcome.allowed);
      case 'invalid':
        return validationError(outcome.fields);
      default:
        return outcome satisfies never;
    }
  }

  @Scopes('orders:write')
  @Mutation(() => OrderResult, { description: 'Staff.' })
  async addTrackingEvent(
    @Arg('input', () => AddTrackingEventInput) input: AddTrackingEventInput,
    @Ctx() context: OrdersContext,
  ): Promise<Result> {
    const checked = validate(trackingInput, input);
    if (checked.kind === 'invalid') return checked.error;
    const { shipmentId, ...note } = checked.value;
    const outcome = await trackShipment(context.db, shipmentId, note, actingOf(context), context.services);
    switch (outcome.kind) {
      case 'recorded':
        return changed(outcome.orderId, context);
      case 'missing':
        return notFoundError('Shipment');
      case 'illegal':
        return illegalTransitionError(outcome.from, outcome.to, outcome.allowed);
      default:
        return outcome satisfies never;
    }
  }
}

function actingOf({ viewer, traceparent }: OrdersContext): Acting {
  return { actor: actorOf(viewer), traceparent };
}

async function changed(orderId: string, { db }: OrdersContext): Promise<Result> {
  const order = await findOrder(db, orderId);
  return order ? orderPayload(order) : notFoundError('Order');
}
