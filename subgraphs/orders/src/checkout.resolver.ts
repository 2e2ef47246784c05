import { claimIdempotent, releaseIdempotent, type IdempotencyKey } from '@shop/platform/idempotency';
import { networkOf } from '@shop/platform/network-address';
import { idempotencyConflictError, notFoundError, rateLimitedError, validationError } from '@shop/platform/user-errors';
import { actorOf, viewerUserId } from '@shop/platform/viewer';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { checkCheckout, isCartId, type CheckoutRequest } from './checkout-input.js';
import { cartEmptyError, cartNotReadyError, CheckoutInput, CheckoutPayload, CheckoutResult, priceChangedError } from './checkout-types.js';
import { place, type Buyer, type Placement } from './checkout.js';
import type { OrdersContext } from './context.js';
import { signOrderToken } from './order-token.js';
import type { Order } from './order.entity.js';
import { findOrder } from './order.store.js';
import { checkoutAnswer, placeOrder } from './place-order.js';

type Result = CheckoutResult;

@Resolver()
export class CheckoutResolver {
  @Mutation(() => CheckoutResult)
  async checkout(@Arg('input', () => CheckoutInput) input: CheckoutInput, @Ctx() context: OrdersContext): Promise<Result> {
    const userId = viewerUserId(context.viewer);
    const checked = checkCheckout(input, userId === null);
    if (checked.kind === 'invalid') return checked.error;
    if (!isCartId(input.cartId)) return notFoundError('Cart');
    const scope = `${userId === null ? `cart:${input.cartId}` : `user:${userId}`}/checkout`;
    return once(checked.value, { scope, key: checked.value.idempotencyKey }, context);
  }
}

/** The same key and body: the same order. A request without effect gives the key back. */
async function once(request: CheckoutRequest, key: IdempotencyKey, context: OrdersContext): Promise<Result> {
  const claim = await claimIdempotent(context.db, key, request, context.signal);
  switch (claim.kind) {
    case 'first': {
      let isPlaced = false;
      try {
        // Only after the claim: a repeated request costs nothing, and is always answered.
        const taken = await context.rateLimiter.take(`checkout/${networkOf(context.clientAddress)}`, context.checkoutRate);
        if (taken.kind === 'limited') return rateLimitedError(taken.retryAfterSeconds);
        const result = await checkOut(request, key, context);
        isPlaced = result instanceof CheckoutPayload;
        return result;
      } finally {
        // Deletes nothing when the transaction did commit, even if its answer was lost.
        if (!isPlaced) await releaseIdempotent(context.db, key);
      }
    }
    case 'replay':
      return replayed(claim.response, context);
    case 'mismatch':
      return idempotencyConflictError(false);
    case 'in-progress':
      return idempotencyConflictError(true);
    default:
      return claim satisfies never;
  }
}

async function checkOut(request: CheckoutRequest, idempotency: IdempotencyKey, context: OrdersContext): Promise<Result> {
  const [quote, buyer] = await Promise.all([context.carts.quote(request.cartId, context), buyerOf(request, context)]);
  if (!quote) return notFoundError('Cart');
  if (!buyer) return validationError([{ path: ['email'], message: 'must be given' }]);
  const placement = place(quote, request.expectedTotal, buyer);
  if (placement.kind !== 'placed') return refusal(placement);
  const { viewer, traceparent, db, services } = context;
  const placing = { paymentToken: request.paymentToken, actor: actorOf(viewer), idempotency, traceparent };
  const placed = await placeOrder(db, placement.draft, placing, services);
  return placed.kind === 'placed' ? payload(placed.order, context) : cartEmptyError();
}

async function buyerOf({ email }: CheckoutRequest, context: OrdersContext): Promise<Buyer | null> {
  const customerId = viewerUserId(context.viewer);
  const contact = customerId === null ? null : await context.contacts.ofViewer(context);
  const address = email ?? contact?.email;
  return address === undefined ? null : { customerId, email: address, locale: contact?.locale ?? context.locale };
}

function refusal(placement: Exclude<Placement, { kind: 'placed' }>): Result {
  switch (placement.kind) {
    case 'cart-empty':
      return cartEmptyError();
    case 'cart-not-ready':
      return cartNotReadyError(placement.problems);
    case 'price-changed':
      return priceChangedError(placement.expectedTotal, placement.currentTotal);
    default:
      return placement satisfies never;
  }
}

async function replayed(response: unknown, context: OrdersContext): Promise<Result> {
  const order = await findOrder(context.db, checkoutAnswer.parse(response).orderId);
  if (!order) throw new Error('The order of an idempotency key is gone.');
  return payload(order, context);
}

function payload(order: Order, { orderTokenSecret }: OrdersContext): CheckoutPayload {
  return Object.assign(new CheckoutPayload(), { order, orderToken: signOrderToken(order, orderTokenSecret) });
}
