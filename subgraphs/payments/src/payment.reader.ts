import type { PaymentsContext } from './context.js';
import { isUuid } from '@shop/platform/ids';
import { batchedByRequest, batchedReference } from '@shop/platform/reference';
import { hasScope, type Viewer } from '@shop/platform/viewer';
import { PaymentEntity } from './payment.entity.js';

/** The payment of an order, whoever asks; those of one request are read together. */
export const paymentOfOrder = batchedByRequest<PaymentsContext, PaymentEntity>(async (orderIds, { db }) => {
  const found = await db.em().find(PaymentEntity, { orderId: { $in: [...orderIds] }, isTombstone: false });
  return new Map(found.map((payment) => [payment.orderId, payment]));
});

/** Finds payments by id for other subgraphs; somebody else's is as good as missing. */
export const paymentReference = batchedReference<{ id: string }, PaymentsContext, PaymentEntity>(
  ({ id }) => id,
  async (ids, { db, viewer }) => {
    const found = await db.em().find(PaymentEntity, { id: { $in: ids.filter(isUuid) }, isTombstone: false });
    return new Map(found.filter((payment) => maySee(viewer, payment)).map((payment) => [payment.id, payment]));
  },
);

/** The order's owner, whoever holds the order's token, and staff. */
export function maySee(viewer: Viewer, { customerId, orderId }: PaymentEntity): boolean {
  if (hasScope(viewer, 'payments:read')) return true;
  if (viewer.kind === 'user') return customerId === viewer.userId;
  return viewer.kind === 'order-token' && viewer.orderId === orderId;
}
