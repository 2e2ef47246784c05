import {
  paymentActionRequired,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
} from '@shop/events/payments';
import { stockCommitted, stockRejected, stockReleased, stockReserved } from '@shop/events/inventory';
import { manualClock } from '@shop/platform/clock';
import type { EventContract, EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { eventOf } from '@shop/tests/kit/event';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { quietLogger, settle, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { DEFAULT_DEADLINES } from '../src/checkout.saga.js';
import type { OrderDraft } from '../src/checkout.js';
import { openOrdersDatabase } from '../src/orders-database.js';
import { placeOrder } from '../src/place-order.js';
import { startOrders } from '../src/subgraph.js';

export const ORDER_TOKEN_SECRET = 'an-order-token-secret-of-32-characters';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

export function draftOf(overrides: Partial<OrderDraft> = {}): OrderDraft {
  return {
    cartId: newId(),
    cartVersion: 1,
    customerId: null,
    email: 'guest@shop.example',
    locale: 'en',
    lines: [
      { sku: 'MUG-BLUE', productName: 'Mug', variantName: 'Blue', quantity: 3, unitPrice: eur(500), lineTotal: eur(1500) },
      { sku: 'TEA', productName: 'Tea', variantName: '100 g', quantity: 1, unitPrice: eur(900), lineTotal: eur(900) },
    ],
    totals: { subtotal: eur(2400), discount: eur(0), shipping: eur(490), tax: eur(461), total: eur(2890) },
    shippingAddress: {
      fullName: 'Ada L.',
      company: null,
      line1: 'Street 1',
      line2: null,
      city: 'Berlin',
      region: null,
      postalCode: '10115',
      country: 'DE',
      phone: null,
    },
    deliveryOption: { code: 'standard', name: 'Standard', price: eur(490), estimatedDays: 3 },
    ...overrides,
  };
}

const answers = {
  'stock-reserved': stockReserved,
  'stock-rejected': stockRejected,
  'stock-released': stockReleased,
  'stock-committed': stockCommitted,
  'payment-action-required': paymentActionRequired,
  'payment-authorized': paymentAuthorized,
  'payment-declined': paymentDeclined,
  'payment-captured': paymentCaptured,
  'payment-voided': paymentVoided,
  'payment-refunded': paymentRefunded,
} as const;

export type Answer = keyof typeof answers;

/** Orders alone on a real bus: what it sends is recorded, what the others would answer is published by the test. */
export async function startOrdersAlone() {
  const database = await createTestDatabase();
  const bus = inProcessBus({ logger: quietLogger });
  const clock = manualClock(new Date('2026-03-01T10:00:00.000Z'));
  const sent: EventEnvelope[] = [];
  const types = [
    ...['reserve-stock', 'commit-stock', 'release-stock'].map((name) => `inventory.${name}.v1`),
    ...['authorize', 'capture', 'void'].map((name) => `payments.${name}.v1`),
    ...['placed', 'status-changed', 'confirmed', 'rejected', 'cancelled', 'shipped', 'delivered'].map((name) => `orders.order-${name}.v1`),
  ];
  bus.consume({ name: 'recorder', types, handle: async (event) => void sent.push(event), park: async () => undefined });
  const nowhere = httpTransport('http://127.0.0.1:1', TEST_SECRET);
  const config = { databaseUrl: database.url, envelopeSecrets: [TEST_SECRET], orderTokenSecret: ORDER_TOKEN_SECRET };
  const orders = await startOrders(config, { bus, logger: quietLogger, clock, cart: nowhere, users: nowhere });
  const db = await openOrdersDatabase(database.url);
  const services = { clock, logger: quietLogger, deadlines: DEFAULT_DEADLINES, moved: () => undefined };

  return {
    orders,
    db,
    bus,
    clock,
    databaseUrl: database.url,
    services,
    settle: () => settle([orders]),
    /** Places an order as a checkout does, without a cart. */
    place: async (overrides: Partial<OrderDraft> = {}) => {
      const placing = { paymentToken: 'pm_card_visa', actor: 'guest', idempotency: { scope: 'test', key: newId() }, traceparent: null };
      const placed = await placeOrder(db, draftOf(overrides), placing, services);
      if (placed.kind !== 'placed') throw new Error(placed.kind);
      await settle([orders]);
      return placed.order;
    },
    /** Publishes what inventory or payments would say of this order, and lets orders act on it. */
    hear: async (orderId: string, ...names: Answer[]) => {
      for (const name of names) {
        await bus.publish(answerEvent(name, orderId));
        await settle([orders]);
      }
    },
    /** The short names of what was sent about this order, in order. */
    sent: (orderId: string) => sent.filter((event) => event.aggregateId === orderId).map(({ type }) => type.split('.')[1] ?? type),
    /** The data of what was sent about this order. */
    data: (orderId: string, name: string) =>
      sent.filter((event) => event.aggregateId === orderId && event.type.includes(`.${name}.`)).map(({ data }) => data),
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      await orders[Symbol.asyncDispose]();
      await nowhere[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

export type OrdersAlone = Awaited<ReturnType<typeof startOrdersAlone>>;

export function answerEvent(name: Answer, orderId: string): EventEnvelope {
  const contract: EventContract<unknown> = answers[name];
  const about = { orderId, paymentId: newId(), orderNumber: 'S-1', customerId: null, email: 'a@shop.example', locale: 'en' };
  const data = {
    ...about,
    expiresAt: '2026-03-01T10:15:00.000Z',
    shortages: [],
    reason: name === 'stock-rejected' ? 'OUT_OF_STOCK' : 'x',
    amount: eur(2890),
    refundedTotal: eur(2890),
    capturedTotal: eur(2890),
    declineCode: 'card_declined',
    message: 'Declined.',
    nextActionUrl: 'https://pay.example/3ds',
  };
  return eventOf(contract, orderId, contract.data.parse(data), { at: new Date('2026-03-01T10:00:00.000Z') });
}
