import { notFound } from '@shop/platform/graphql-errors';
import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Cart } from './cart.js';
import { cartNode, CartNode } from './cart-types.js';
import type { CartContext } from './context.js';
import { readableCart } from './edit-cart.js';

@Resolver()
export class CartChangedResolver {
  @Subscription(() => CartNode, {
    description: 'The same cart on several devices: as it is now, then after every change. Ends when the cart is merged or expires.',
    subscribe: ({ args, context }: { args: { cartId: string }; context: CartContext }) => versionsOf(args.cartId, context),
  })
  cartChanged(@Arg('cartId', () => ID) _cartId: string, @Root() cart: Cart): CartNode {
    return cartNode(cart);
  }
}

/** Throws NOT_FOUND for a cart that the viewer may not read, before the stream begins. */
async function versionsOf(cartId: string, context: CartContext): Promise<AsyncGenerator<Cart, void, void>> {
  if (!(await readableCart(context, cartId))) throw notFound('Cart');
  return newVersions(cartId, context);
}

/** Listens before it reads, so that no change falls in between; reads as the viewer every time, so that nobody follows a cart they lost. */
async function* newVersions(cartId: string, context: CartContext): AsyncGenerator<Cart, void, void> {
  const changes = context.watch.changes(cartId, context.signal);
  let cart = await readableCart(context, cartId);
  if (!cart) return;
  yield cart;
  let seenVersion = cart.version;
  for await (const _ of changes) {
    cart = await readableCart(context, cartId);
    if (!cart) return;
    if (cart.version === seenVersion) continue;
    seenVersion = cart.version;
    yield cart;
  }
}
