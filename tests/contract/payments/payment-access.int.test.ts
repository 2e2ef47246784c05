import { newId } from '@shop/platform/ids';
import { proofOf } from '@shop/platform/proof';
import type { Viewer } from '@shop/platform/viewer';
import { as, dataOf, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { expect, test } from 'vitest';
import { paymentIdOf, paymentSeenBy, staff, startWorld } from './payments-world.js';

test('somebody else sees no payment, neither of the order nor by its id', async () => {
  await using world = await startWorld();
  const [orderId, customerId] = [newId(), newId()];
  await world.authorize(orderId, 'pm_card_visa', { customerId });
  await world.until(orderId, 'authorized');
  const strangers: Viewer[] = [{ kind: 'anonymous' }, userViewer(), { kind: 'order-token', orderId: newId() }];
  const id = await paymentIdOf(world, orderId);
  const byId = `query ($id: ID!) { _entities(representations: [{ __typename: "Payment", id: $id }]) { ... on Payment { id status } } }`;
  for (const viewer of strangers) {
    expect(await paymentSeenBy(world, viewer, orderId)).toBeNull();
    expect(await dataOf(as(world.payments, viewer)(byId, { id }))).toEqual({ _entities: [null] });
  }
  for (const viewer of [userViewer(customerId), staff, { kind: 'order-token', orderId } as const]) {
    expect(await paymentSeenBy(world, viewer, orderId)).toMatchObject({ id });
    expect(await dataOf(as(world.payments, viewer)(byId, { id }))).toEqual({ _entities: [{ id, status: 'AUTHORIZED' }] });
  }
});

test('whoever orders has let in sees the payment of that order, and a proof of another order is none', async () => {
  await using world = await startWorld();
  const orderId = newId();
  await world.authorize(orderId, 'pm_card_visa');
  await world.until(orderId, 'authorized');
  const shown = async (accessProof: string) => {
    const query = `query ($o: [_Any!]!) { _entities(representations: $o) { ... on Order { payment { status } } } }`;
    const data = await dataOf(as(world.payments)(query, { o: [{ __typename: 'Order', id: orderId, accessProof }] }));
    return data['_entities'];
  };
  expect(await shown(proofOf(`order:${orderId}`, TEST_SECRET))).toEqual([{ payment: { status: 'AUTHORIZED' } }]);
  expect(await shown(proofOf(`order:${newId()}`, TEST_SECRET))).toEqual([{ payment: null }]);
  expect(await shown(proofOf(`order:${orderId}`, 'a-secret-that-is-not-the-one-of-orders'))).toEqual([{ payment: null }]);
});
