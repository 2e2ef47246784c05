import { randomUUID } from 'node:crypto';
import { newId } from '@shop/platform/ids';
import { expect, it } from 'vitest';
import { emptyCart, type Cart, type CartLine, type CartState } from '../src/cart.js';
import { mergeCarts } from '../src/cart-merge.js';
import type { CartOrder, ChangedCart } from '../src/cart-order.js';
import type { CartStore } from '../src/cart-store.js';

const DAY_MS = 86_400_000;
const now = new Date('2026-03-01T12:00:00.000Z');
const later = (days: number) => new Date(now.getTime() + days * DAY_MS);

const line = (sku: string, quantity = 1): CartLine => ({
  id: randomUUID(),
  sku,
  quantity,
  seen: {
    productName: 'Mug',
    variantName: 'Blue',
    unitPrice: { amountMinor: 1_000, currency: 'EUR' },
    weightGrams: 300,
    taxClass: 'reduced',
  },
});
const holding = (...lines: CartLine[]): CartState => ({ ...emptyCart, lines });
const sum = (own: CartState, guest: CartState) => mergeCarts(own, guest, 'SUM');

/** What becomes of a cart when its order is placed, and when it is rejected. */
export interface OrderFollower {
  takeOut(order: CartOrder, eventId: string, now: Date): Promise<ChangedCart | null>;
  putBack(order: CartOrder<CartLine>, now: Date): Promise<ChangedCart | null>;
}

/**
 * What every cart store promises. `storeOf` gives a store whose guest carts live 90 days; it may hold carts of other tests. `followerOf`
 * gives what follows orders on the same carts.
 */
export function cartStoreContract(storeOf: () => CartStore, followerOf: () => OrderFollower): void {
  const guestWith = async (...lines: CartLine[]) => {
    const outcome = await storeOf().save(await storeOf().createForGuest(now), holding(...lines), now);
    if (outcome.kind !== 'saved') throw new Error(outcome.kind);
    return outcome.cart;
  };

  it("makes a guest's cart that is empty, at version 1, with an id of random bits", async () => {
    const cart = await storeOf().createForGuest(now);
    expect(cart).toMatchObject({ ...emptyCart, version: 1, customerId: null, updatedAt: now });
    expect(cart.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await storeOf().load(cart.id, now)).toEqual(cart);
  });

  it('makes one cart a person, however many ask at once', async () => {
    const userId = newId();
    const made = await Promise.all(Array.from({ length: 8 }, () => storeOf().createForCustomer(userId, now)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await storeOf().findByCustomer(userId)).toEqual(made[0]);
    expect(await storeOf().findByCustomer(newId())).toBeNull();
  });

  it.each(['', 'nobody', randomUUID(), "' or 1=1 --", '\u0000'])('knows no cart %j', async (id) => {
    expect(await storeOf().load(id, now)).toBeNull();
  });

  it('keeps all of what is saved, under the next version', async () => {
    const address = {
      fullName: 'Zoë',
      company: null,
      line1: 'B 1',
      line2: 'Hof',
      city: 'C',
      region: null,
      postalCode: '1',
      country: 'DE',
      phone: '+49 1',
    };
    const state: CartState = { lines: [line('a', 2), line('b', 999)], shippingAddress: address, deliveryOptionCode: 'express' };
    const cart = await storeOf().createForGuest(now);
    const outcome = await storeOf().save(cart, state, later(1));
    expect(outcome).toEqual({ kind: 'saved', cart: { ...cart, ...state, version: 2, updatedAt: later(1) } });
    expect(await storeOf().load(cart.id, now)).toEqual({ ...cart, ...state, version: 2, updatedAt: later(1) });
  });

  it('saves one of two writers of the same version', async () => {
    const cart = await storeOf().createForGuest(now);
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((sku) => storeOf().save(cart, holding(line(sku)), now)));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['saved', 'stale', 'stale', 'stale']);
    expect((await storeOf().load(cart.id, now))?.version).toBe(2);
  });

  it("takes a guest's cart over into a person's, which is made when there is none", async () => {
    const [guest, userId] = [await guestWith(line('a', 2)), newId()];
    const outcome = await storeOf().merge(guest.id, userId, sum, now);
    expect(outcome).toMatchObject({
      kind: 'merged',
      isRepetition: false,
      cart: { customerId: userId, lines: [{ sku: 'a', quantity: 2 }] },
    });
    expect(await storeOf().findByCustomer(userId)).toMatchObject({ lines: [{ sku: 'a', quantity: 2 }] });
    expect(await storeOf().load(guest.id, now)).toBeNull();
    expect(await storeOf().save(guest, holding(line('z')), now)).toEqual({ kind: 'stale' });
  });

  it('counts a merge once, however often and however parallel it is asked for', async () => {
    const [guest, userId] = [await guestWith(line('a', 2)), newId()];
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => storeOf().merge(guest.id, userId, sum, now)));
    expect(outcomes.filter((outcome) => outcome.kind === 'merged' && !outcome.isRepetition)).toHaveLength(1);
    expect(outcomes.every(({ kind }) => kind === 'merged')).toBe(true);
    const [own] = [await storeOf().findByCustomer(userId)];
    expect(own).toMatchObject({ version: 2, lines: [{ sku: 'a', quantity: 2 }] });
    expect(await storeOf().merge(guest.id, userId, sum, later(30))).toEqual({ kind: 'merged', isRepetition: true, cart: own });
  });

  it("gives a guest's cart to one of two persons", async () => {
    const guest = await guestWith(line('a'));
    const outcomes = await Promise.all([newId(), newId(), newId()].map((userId) => storeOf().merge(guest.id, userId, sum, now)));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['merged', 'not-found', 'not-found']);
  });

  it("merges nothing out of a person's cart: the own one changes nothing, another's is not found", async () => {
    const [userId, otherId] = [newId(), newId()];
    const own = await storeOf().createForCustomer(userId, now);
    const other = await storeOf().createForCustomer(otherId, now);
    expect(await storeOf().merge(own.id, userId, sum, now)).toEqual({ kind: 'merged', cart: own, isRepetition: true });
    expect(await storeOf().merge(other.id, userId, sum, now)).toEqual({ kind: 'not-found' });
    expect(await storeOf().merge('nobody', userId, sum, now)).toEqual({ kind: 'not-found' });
    expect(await storeOf().merge(randomUUID(), userId, sum, now)).toEqual({ kind: 'not-found' });
  });

  it('leaves both carts as they were when the merge is rejected', async () => {
    const [guest, userId] = [await guestWith(line('a')), newId()];
    const own = await storeOf().createForCustomer(userId, now);
    const faults = [{ path: ['guestCartId'], message: 'No.' }];
    expect(await storeOf().merge(guest.id, userId, () => ({ kind: 'rejected', faults }), now)).toEqual({ kind: 'rejected', faults });
    expect(await storeOf().load(guest.id, now)).toEqual(guest);
    expect(await storeOf().load(own.id, now)).toEqual(own);
  });

  it('loses no line that is saved while a merge runs', async () => {
    const [guest, userId] = [await guestWith(line('a')), newId()];
    const own = await storeOf().createForCustomer(userId, now);
    const [saved, merged] = await Promise.all([
      storeOf().save(own, holding(line('own')), now),
      storeOf().merge(guest.id, userId, sum, now),
    ]);
    const skus = (await storeOf().findByCustomer(userId))?.lines.map(({ sku }) => sku).toSorted();
    expect(merged.kind).toBe('merged');
    expect(skus).toEqual(saved.kind === 'saved' ? ['a', 'own'] : ['a']);
  });

  it("forgets a guest's cart 90 days after it was last written, and a person's never", async () => {
    const [idle, used] = [await guestWith(line('a')), await guestWith(line('b'))];
    const own = await storeOf().createForCustomer(newId(), now);
    await storeOf().save(used, holding(line('c')), later(50));
    expect(await storeOf().load(idle.id, later(89))).not.toBeNull();
    expect(await storeOf().load(idle.id, later(91))).toBeNull();
    expect(await storeOf().merge(idle.id, newId(), sum, later(91))).toEqual({ kind: 'not-found' });
    while ((await storeOf().deleteExpired(later(91), 5)) > 0);
    expect(await storeOf().load(idle.id, now)).toBeNull();
    expect(await storeOf().load(used.id, later(139))).not.toBeNull();
    expect(await storeOf().load(own.id, later(10_000))).toEqual(own);
  });

  it('deletes expired carts in batches', async () => {
    await Promise.all(Array.from({ length: 7 }, () => storeOf().createForGuest(later(-200))));
    expect(await storeOf().deleteExpired(now, 5)).toBe(5);
    expect(await storeOf().deleteExpired(now, 5)).toBe(2);
  });

  const orderOf = ({ id, lines }: Cart): CartOrder<CartLine> => ({ orderId: newId(), cartId: id, lines });
  const place = (order: CartOrder) => followerOf().takeOut(order, newId(), now);
  const reject = (order: CartOrder<CartLine>, at = now) => followerOf().putBack(order, at);
  const quantitiesIn = (cart: Cart | null) => Object.fromEntries((cart?.lines ?? []).map(({ sku, quantity }) => [sku, quantity]));

  it('takes out what was ordered and puts it back when the order is rejected, each under a new version', async () => {
    const cart = await guestWith(line('a', 2), line('b'));
    const order = orderOf(cart);
    expect(await place(order)).toEqual({ cartId: cart.id, version: cart.version + 1 });
    expect(await storeOf().load(cart.id, now)).toMatchObject({ lines: [] });
    expect(await reject(order)).toEqual({ cartId: cart.id, version: cart.version + 2 });
    expect(await storeOf().load(cart.id, now)).toEqual({ ...cart, version: cart.version + 2 });
  });

  it('puts back once, though the buyer takes a line out again before it is asked a second time', async () => {
    const order = orderOf(await guestWith(line('a', 2), line('b')));
    await place(order);
    await Promise.all(Array.from({ length: 4 }, () => reject(order)));
    const full = await storeOf().load(order.cartId, now);
    if (!full) throw new Error('The cart is gone.');
    await storeOf().save(full, holding(...full.lines.slice(1)), now);
    expect(await reject(order)).toBeNull();
    expect(await storeOf().load(order.cartId, now)).toMatchObject({ version: full.version + 1, lines: [{ sku: 'b' }] });
  });

  it('keeps the lines when it hears that an order is rejected before it hears that it was placed', async () => {
    const cart = await guestWith(line('a', 2));
    const order = orderOf(cart);
    expect(await reject(order)).toEqual({ cartId: cart.id, version: cart.version + 1 });
    expect(await place(order)).toBeNull();
    expect(await storeOf().load(cart.id, now)).toEqual({ ...cart, version: cart.version + 1 });
  });

  it('puts back the lines of each of several orders that were rejected, and no more than the buyer wants by then', async () => {
    const first = orderOf(await guestWith(line('a', 2)));
    await place(first);
    const emptied = await storeOf().load(first.cartId, now);
    const refilled = emptied && (await storeOf().save(emptied, holding(line('a', 1), line('b')), now));
    if (refilled?.kind !== 'saved') throw new Error('The cart is gone.');
    const second = orderOf(refilled.cart);
    await place(second);
    await reject(second);
    await reject(first);
    expect(quantitiesIn(await storeOf().load(first.cartId, now))).toEqual({ a: 2, b: 1 });
  });

  it("puts back into the person's cart what was ordered from a guest's that was merged meanwhile", async () => {
    const [order, userId] = [orderOf(await guestWith(line('a', 2))), newId()];
    await place(order);
    await storeOf().merge(order.cartId, userId, sum, now);
    const own = await storeOf().findByCustomer(userId);
    expect(quantitiesIn(own)).toEqual({});
    expect(await reject(order)).toEqual({ cartId: own?.id, version: (own?.version ?? 0) + 1 });
    expect(await reject(order)).toBeNull();
    expect(quantitiesIn(await storeOf().findByCustomer(userId))).toEqual({ a: 2 });
    expect(await storeOf().load(order.cartId, now)).toBeNull();
  });

  it("does not take out of a person's cart an order that was rejected while the cart was a guest's", async () => {
    const [order, userId] = [orderOf(await guestWith(line('a', 2))), newId()];
    await reject(order);
    await storeOf().merge(order.cartId, userId, sum, now);
    expect(await place(order)).toBeNull();
    expect(quantitiesIn(await storeOf().findByCustomer(userId))).toEqual({ a: 2 });
  });

  it('remembers the rejected orders of a cart that has had many', async () => {
    const cart = await guestWith(line('a'));
    const orders = Array.from({ length: 60 }, () => orderOf(cart));
    for (const order of orders) expect(await reject(order)).not.toBeNull();
    for (const order of orders.slice(-50)) expect(await place(order)).toBeNull();
    expect(quantitiesIn(await storeOf().load(cart.id, now))).toEqual({ a: 1 });
  });

  it('puts nothing back where the cart is gone, nor for an order without lines', async () => {
    const order = orderOf(await guestWith(line('a')));
    expect(await reject({ ...order, lines: [] })).toBeNull();
    expect(await reject(order, later(91))).toBeNull();
    expect(await reject({ ...order, cartId: randomUUID() })).toBeNull();
    expect(await reject({ ...order, cartId: 'no cart at all' })).toBeNull();
  });

  it('loses no line that is saved while an order is rejected', async () => {
    const order = orderOf(await guestWith(line('a')));
    await place(order);
    const emptied = await storeOf().load(order.cartId, now);
    if (!emptied) throw new Error('The cart is gone.');
    const [saved] = await Promise.all([storeOf().save(emptied, holding(line('b')), now), reject(order)]);
    const expected = saved.kind === 'saved' ? { a: 1, b: 1 } : { a: 1 };
    expect(quantitiesIn(await storeOf().load(order.cartId, now))).toEqual(expected);
  });
}
