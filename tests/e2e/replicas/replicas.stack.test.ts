import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearerOf, cartOf, guestCart, placeOrder, someSkus, untilStatus, type PlacedOrder } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startShopInStack, type ShopInStack } from '../../kit/shop-in-stack.js';
import { deliverOrder, shipOrder } from '../../kit/staff.js';
import { stockOf } from '../../kit/views.js';
import { carts } from './carts.js';
import { credentials } from './credentials.js';
import { followers } from './followers.js';
import { relays } from './relays.js';
import { rollingRestart } from './rolling-restart.js';
import { timers } from './timers.js';

const TWICE = ['gateway', 'users', 'catalog', 'search', 'cart', 'orders', 'payments', 'inventory', 'notifications'];

describe('two replicas of every subgraph and of the gateway', () => {
  const disposables = new AsyncDisposableStack();
  let shop: ShopInStack;
  let skus: string[];
  beforeAll(async () => {
    shop = disposables.use(
      await startShopInStack({
        paymentActionTimeoutMs: 3_000,
        drainDelayMs: 3_000,
        stockPerSku: 1000,
        replicas: Object.fromEntries(TWICE.map((name) => [name, 2])),
      }),
    );
    skus = await someSkus(shop, 4);
  }, 300_000);
  afterAll(() => disposables.disposeAsync());

  const buy = async (sku: string): Promise<PlacedOrder> => placeOrder(await guestCart(shop).with(sku).ready());
  const confirmed = (orders: readonly PlacedOrder[]) =>
    Promise.all(orders.map((order) => untilStatus(bearerOf(shop, order), order.id, 'CONFIRMED')));

  it('are all at work', async () => {
    const status = await shop.stack.status();
    expect(status.filter(({ state }) => state !== 'healthy')).toEqual([]);
    expect(status.map(({ name }) => name)).toEqual(expect.arrayContaining(TWICE.flatMap((name) => [name, `${name}-2`])));
  });

  it('confirm every order once, each step seen once, and books that check', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, (_, index) => buy(skus[index % skus.length] ?? '')));
    for (const steps of await confirmed(orders)) expect(steps).toEqual(['PLACED', 'CONFIRMED']);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('keep one cart, whichever of them is asked', async () => {
    const customer = await shop.signedIn('customer@shop.example');
    const cart = await cartOf(customer)
      .with(skus[0] ?? '', 2)
      .ready();
    const versions = await Promise.all(
      Array.from({ length: 8 }, () => customer.get('query C($id: ID!) { cart(id: $id) { version } }', { id: cart.id })),
    );
    expect(new Set(versions.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify({ version: cart.version })]));
  });

  const open = (): ShopInStack => shop;
  carts(open);
  followers(open);
  credentials(open);
  timers(open);
  relays(open);
  rollingRestart(open, TWICE);

  it('go on when one of each pair is killed, and take nothing twice', async () => {
    const staff = await shop.signedIn('staff@shop.example');
    const [sku = ''] = skus;
    const before = await stockOf(staff, sku);
    const orders = await Promise.all(Array.from({ length: 6 }, () => buy(sku)));
    for (const name of ['orders', 'payments-2', 'inventory', 'cart-2']) await shop.stack.process(name).kill();
    await confirmed(orders);
    for (const name of ['orders', 'payments-2', 'inventory', 'cart-2']) await shop.stack.start(name);
    const [first] = orders;
    if (!first) throw new Error('Nothing was bought.');
    await shipOrder(staff, first.id);
    await deliverOrder(staff, first.id);
    expect(await untilStatus(bearerOf(shop, first), first.id, 'DELIVERED')).toEqual(['PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED']);
    expect(await checkBooks(shop)).toEqual([]);
    expect((await stockOf(staff, sku)).onHand).toBe(before.onHand - 6);
  }, 300_000);
});
