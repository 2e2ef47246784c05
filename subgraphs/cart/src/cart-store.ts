import type { Cart, CartState, Decision, FieldFault } from './cart.js';

export type SaveOutcome = { kind: 'saved'; cart: Cart } | { kind: 'stale' };

export type MergeOutcome =
  /** Done just now, or before: a repetition answers with the person's cart as it is and changes nothing. */
  { kind: 'merged'; cart: Cart; isRepetition: boolean } | { kind: 'not-found' } | { kind: 'rejected'; faults: FieldFault[] };

/**
 * Where carts live. A cart is one row under one version; a guest's cart ends when it was merged or was not written for its lifetime, and
 * is not found from then on. Every method may be repeated; those that write say what a repetition does.
 */
export interface CartStore {
  /** null for an id that names no living cart, whatever its form. */
  load(cartId: string, now: Date): Promise<Cart | null>;
  /** A new empty guest cart, its id unguessable (122 random bits). A repetition makes another one. */
  createForGuest(now: Date): Promise<Cart>;
  /** The person's cart, made when there was none; a person has one cart at any time. */
  createForCustomer(customerId: string, now: Date): Promise<Cart>;
  findByCustomer(customerId: string): Promise<Cart | null>;
  /** Writes `state` as version `cart.version + 1` if the cart still is at `cart.version`; `stale` otherwise. */
  save(cart: Cart, state: CartState, now: Date): Promise<SaveOutcome>;
  /**
   * Takes a guest's cart over into the person's cart, atomically; the guest's cart is gone then and names its heir. Of two merges of one
   * guest's cart at once one counts. The person's own cart into itself changes nothing.
   */
  merge(guestCartId: string, customerId: string, decide: (own: CartState, guest: CartState) => Decision, now: Date): Promise<MergeOutcome>;
  /** Deletes guest carts whose time is over, at most `limit`; returns how many. */
  deleteExpired(now: Date, limit: number): Promise<number>;
}
