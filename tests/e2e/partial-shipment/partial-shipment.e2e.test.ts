import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, guestCart, placeOrder, someSkus, typenameOf, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo, readOrder } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = '', lamp = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

const SHIP = `mutation Ship($input: CreateShipmentInput!) { createShipment(input: $input) {
  __typename ... on OrderPayload { order { status } } ... on UserError { code } ... on ValidationError { fields { path message } } ... on IllegalTransitionError { from } } }`;
const TRACK = `mutation Track($input: AddTrackingEventInput!) { addTrackingEvent(input: $input) {
  __typename ... on OrderPayload { order { status } } ... on UserError { code } ... on IllegalTransitionError { from to } } }`;

async function confirmedOrder(email: string) {
  const placed = await placeOrder(await guestCart(shop).with(chair, 3).with(lamp).ready(), { email });
  const buyer = bearerOf(shop, placed);
  await untilStatus(buyer, placed.id, 'CONFIRMED');
  const order = await readOrder(buyer, placed.id);
  const [chairs, lamps] = order?.lines ?? [];
  return { orderId: placed.id, number: placed.number, buyer, chairs: chairs?.id ?? '', lamps: lamps?.id ?? '' };
}
const ship = (input: Record<string, unknown>) => staff.get(SHIP, { input: { carrier: 'Test Post', ...input } });
const track = (shipmentId: string, status: string, message = `It is ${status}.`) =>
  staff.get(TRACK, { input: { shipmentId, status, message, location: 'Berlin' } });

describe('an order in two parcels', () => {
  it('is delivered when both are, and the buyer can follow each', async () => {
    const { orderId, number, buyer, chairs, lamps } = await confirmedOrder('parcels@shop.example');
    const followed = untilStatus(buyer, orderId, 'DELIVERED');
    const first = [{ orderLineId: chairs, quantity: 2 }];
    expect(await ship({ orderId, trackingNumber: 'T-1', lines: first })).toMatchObject({ order: { status: 'PARTIALLY_SHIPPED' } });
    expect(await ship({ orderId, trackingNumber: 'T-2' })).toMatchObject({ order: { status: 'SHIPPED' } });
    const shipped = await readOrder(buyer, orderId);
    expect(shipped?.shipments).toMatchObject([
      { trackingNumber: 'T-1', status: 'CREATED', lines: first },
      {
        trackingNumber: 'T-2',
        lines: [
          { orderLineId: chairs, quantity: 1 },
          { orderLineId: lamps, quantity: 1 },
        ],
      },
    ]);
    const [one = '', two = ''] = shipped?.shipments.map(({ id }) => id) ?? [];
    await track(one, 'IN_TRANSIT');
    await track(one, 'DELIVERED');
    expect(await readOrder(buyer, orderId)).toMatchObject({ status: 'SHIPPED' });
    for (const status of ['IN_TRANSIT', 'FAILED', 'OUT_FOR_DELIVERY']) await track(two, status);
    expect(await track(two, 'DELIVERED')).toMatchObject({ order: { status: 'DELIVERED' } });
    expect(await followed).toEqual(['PLACED', 'CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED']);
    const delivered = await readOrder(buyer, orderId);
    expect(delivered?.shipments[1]?.events.map(({ status }) => status)).toEqual([
      'CREATED',
      'IN_TRANSIT',
      'FAILED',
      'OUT_FOR_DELIVERY',
      'DELIVERED',
    ]);
    expect((await mailsTo(shop, 'parcels@shop.example')).map(({ subject }) => subject).toSorted()).toEqual([
      `Part of your order ${number} is on its way`,
      `Your order ${number} has arrived`,
      `Your order ${number} is confirmed`,
      `Your order ${number} is on its way`,
    ]);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('never holds more than was bought', async () => {
    const { orderId, chairs, lamps } = await confirmedOrder('over@shop.example');
    expect(await ship({ orderId, lines: [{ orderLineId: chairs, quantity: 4 }] })).toMatchObject({ __typename: 'ValidationError' });
    await ship({ orderId, lines: [{ orderLineId: chairs, quantity: 2 }] });
    const both = await Promise.all([1, 2].map(() => ship({ orderId, lines: [{ orderLineId: chairs, quantity: 1 }] })));
    expect(both.map(typenameOf).toSorted()).toEqual(['OrderPayload', 'ValidationError']);
    expect(await ship({ orderId, lines: [{ orderLineId: lamps, quantity: 1 }] })).toMatchObject({ order: { status: 'SHIPPED' } });
    expect(await ship({ orderId })).toMatchObject({ __typename: 'IllegalTransitionError', from: 'SHIPPED' });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('is not tracked backwards, and an order that was refused is not sent', async () => {
    const { orderId, buyer } = await confirmedOrder('back@shop.example');
    await ship({ orderId });
    const parcel = (await readOrder(buyer, orderId))?.shipments[0]?.id ?? '';
    await track(parcel, 'DELIVERED');
    expect(await track(parcel, 'IN_TRANSIT')).toMatchObject({ __typename: 'IllegalTransitionError', from: 'DELIVERED', to: 'IN_TRANSIT' });
    const refused = await placeOrder(await guestCart(shop).with(lamp).ready(), { paymentToken: 'pm_card_visa_chargeDeclined' });
    await untilStatus(bearerOf(shop, refused), refused.id, 'REJECTED');
    expect(await ship({ orderId: refused.id })).toMatchObject({ __typename: 'IllegalTransitionError', from: 'REJECTED' });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('is sent by staff only', async () => {
    const { orderId, buyer } = await confirmedOrder('nosy@shop.example');
    const customer = await shop.signedIn('customer@shop.example');
    const refusals = await Promise.all([buyer, customer].map((client) => client.ask(SHIP, { input: { orderId, carrier: 'Mine' } })));
    expect(refusals.map(({ errors }) => errors?.[0]?.extensions?.code)).toEqual(['UNAUTHENTICATED', 'FORBIDDEN']);
    expect(await readOrder(buyer, orderId)).toMatchObject({ status: 'CONFIRMED', shipments: [] });
    expect(await checkBooks(shop)).toEqual([]);
  });
});
