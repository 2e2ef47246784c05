import { randomUUID } from 'node:crypto';
import { requireUserId } from '@shop/platform/scopes';
import {
  conflictError,
  notFoundError,
  validationError,
  type ConflictError,
  type NotFoundError,
  type ValidationError,
} from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { viewerUserId } from '@shop/platform/viewer';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { addLines, setDelivery, updateLine, type Cart, type CartState, type SeenVariant } from './cart.js';
import {
  addLinesRule,
  AddCartLinesInput,
  CartMergePolicy,
  setDeliveryRule,
  SetCartDeliveryInput,
  updateLineRule,
  UpdateCartLineInput,
} from './cart-input.js';
import { mergeCarts, type MergePolicy } from './cart-merge.js';
import { cartNode, CartNode, cartPayload, CartPayload, CartResult } from './cart-types.js';
import type { CartContext } from './context.js';
import { editCart, readableCart, type EditOutcome } from './edit-cart.js';
import { priceCart } from './pricing.js';

type Result = CartPayload | NotFoundError | ConflictError | ValidationError;

@Resolver()
export class CartResolver {
  @Query(() => CartNode, { nullable: true, description: "A guest's cart by its unguessable id; a person's own only for that person." })
  async cart(@Arg('id', () => ID) id: string, @Ctx() context: CartContext): Promise<CartNode | null> {
    const cart = await readableCart(context, id);
    return cart && cartNode(cart);
  }

  @Mutation(() => CartPayload, { description: "A new guest's cart; for a signed-in person their own, made when there is none yet." })
  async createCart(@Ctx() { carts, clock, viewer }: CartContext): Promise<CartPayload> {
    const userId = viewerUserId(viewer);
    return cartPayload(await (userId === null ? carts.createForGuest(clock.now()) : carts.createForCustomer(userId, clock.now())));
  }

  @Mutation(() => CartResult)
  async addCartLines(@Arg('input', () => AddCartLinesInput) input: AddCartLinesInput, @Ctx() context: CartContext): Promise<Result> {
    const verdict = validate(addLinesRule, input);
    if (verdict.kind === 'invalid') return verdict.error;
    const { lines } = verdict.value;
    const variants = () => context.catalog.variants([...new Set(lines.map(({ sku }) => sku))], context);
    return answer(
      await editCart(context, target(input), async (cart) => {
        const sold = await variants();
        return addLines(
          cart,
          lines.map(({ sku, quantity }) => ({ id: randomUUID(), sku, quantity, seen: sold.get(sku) ?? null })),
        );
      }),
    );
  }

  @Mutation(() => CartResult)
  async updateCartLine(@Arg('input', () => UpdateCartLineInput) input: UpdateCartLineInput, @Ctx() context: CartContext): Promise<Result> {
    const verdict = validate(updateLineRule, input);
    if (verdict.kind === 'invalid') return verdict.error;
    return answer(
      await editCart(context, target(input), async (cart) =>
        updateLine(cart, input.lineId, verdict.value.quantity, await seenNow(cart, input.lineId, context)),
      ),
    );
  }

  @Mutation(() => CartResult)
  async setCartDelivery(
    @Arg('input', () => SetCartDeliveryInput) input: SetCartDeliveryInput,
    @Ctx() context: CartContext,
  ): Promise<Result> {
    const verdict = validate(setDeliveryRule, input);
    if (verdict.kind === 'invalid') return verdict.error;
    const delivery = verdict.value;
    return answer(
      await editCart(context, { cartId: input.cartId, expectedVersion: null }, async (cart) => {
        const there = { ...cart, shippingAddress: delivery.shippingAddress ?? cart.shippingAddress };
        const { deliveryOptions } = await priceCart(there, context, context);
        return setDelivery(
          cart,
          delivery,
          deliveryOptions.map(({ code }) => code),
        );
      }),
    );
  }

  @Mutation(() => CartResult, {
    description: "Takes a guest's cart over into the signed-in person's cart; one atomic step, safe to repeat.",
  })
  async mergeCart(
    @Arg('guestCartId', () => ID) guestCartId: string,
    @Arg('policy', () => CartMergePolicy, { nullable: true, defaultValue: CartMergePolicy.SUM }) policy: MergePolicy | null,
    @Ctx() { carts, clock, watch, viewer, traceparent }: CartContext,
  ): Promise<Result> {
    const userId = requireUserId(viewer);
    const decide = (own: CartState, guest: CartState) => mergeCarts(own, guest, policy ?? 'SUM');
    const outcome = await carts.merge(guestCartId, userId, decide, clock.now());
    switch (outcome.kind) {
      case 'merged':
        if (!outcome.isRepetition) {
          watch.announce(outcome.cart.id, outcome.cart.version, traceparent);
          watch.announce(guestCartId, 0, traceparent);
        }
        return cartPayload(outcome.cart);
      case 'not-found':
        return notFoundError('Cart');
      case 'rejected':
        return validationError(outcome.faults);
      default:
        return outcome satisfies never;
    }
  }
}

function target({ cartId, expectedVersion }: { cartId: string; expectedVersion?: number | null }) {
  return { cartId, expectedVersion: expectedVersion ?? null };
}

/** A line can be changed and taken out while the catalog is away; then the price seen stays the one seen before. */
async function seenNow(cart: Cart, lineId: string, context: CartContext): Promise<SeenVariant | null> {
  const sku = cart.lines.find(({ id }) => id === lineId)?.sku;
  if (sku === undefined) return null;
  return context.catalog.variants([sku], context).then(
    (variants) => variants.get(sku) ?? null,
    () => null,
  );
}

function answer(outcome: EditOutcome): Result {
  switch (outcome.kind) {
    case 'saved':
      return cartPayload(outcome.cart);
    case 'not-found':
      return notFoundError('Cart');
    case 'line-not-found':
      return notFoundError('Cart line');
    case 'conflict':
      return conflictError('The cart', outcome.currentVersion);
    case 'rejected':
      return validationError(outcome.faults);
    default:
      return outcome satisfies never;
  }
}
