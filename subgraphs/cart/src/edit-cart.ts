import { serviceUnavailable } from '@shop/platform/graphql-errors';
import { pause } from '@shop/platform/lifecycle';
import { viewerUserId, type Viewer } from '@shop/platform/viewer';
import type { Cart, FieldFault, LineDecision } from './cart.js';
import type { CartContext } from './context.js';

export type EditOutcome =
  | { kind: 'saved'; cart: Cart }
  | { kind: 'not-found' }
  | { kind: 'line-not-found' }
  | { kind: 'conflict'; currentVersion: number }
  | { kind: 'rejected'; faults: FieldFault[] };

/** Writers of one cart at the same time are few; one that loses this often meets a fault, not a rush. */
const MAX_TRIES = 25;

/**
 * Reads a cart, decides and writes it back, again from the start when somebody else wrote in between: no change is lost. With
 * `expectedVersion` it answers `conflict` instead. Announces the new version. `decide` may run several times.
 */
export async function editCart(
  context: CartContext,
  { cartId, expectedVersion }: { cartId: string; expectedVersion: number | null },
  decide: (cart: Cart) => Promise<LineDecision>,
): Promise<EditOutcome> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const now = context.clock.now();
    const cart = await readableCart(context, cartId);
    if (!cart) return { kind: 'not-found' };
    if (expectedVersion !== null && expectedVersion !== cart.version) return { kind: 'conflict', currentVersion: cart.version };
    const decision = await decide(cart);
    if (decision.kind !== 'changed') return decision;
    const outcome = await context.carts.save(cart, decision.state, now);
    if (outcome.kind === 'saved') {
      context.watch.announce(cartId, outcome.cart.version, context.traceparent);
      return outcome;
    }
    await pause(Math.random() * Math.min(2 ** tries, 50), context.signal);
  }
  throw serviceUnavailable('The cart');
}

/** The cart that the viewer may read and change: a guest's by its id, a person's own. Anything else is as if it were not there. */
export async function readableCart({ carts, clock, viewer }: CartContext, cartId: string): Promise<Cart | null> {
  const cart = await carts.load(cartId, clock.now());
  return cart && isReadable(cart, viewer) ? cart : null;
}

function isReadable({ customerId }: Cart, viewer: Viewer): boolean {
  return customerId === null || customerId === viewerUserId(viewer);
}
