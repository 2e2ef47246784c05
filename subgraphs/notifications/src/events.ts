import { orderCancelled, orderConfirmed, orderDelivered, orderRejected, orderShipped } from '@shop/events/orders';
import { paymentActionRequired, paymentRefunded } from '@shop/events/payments';
import { userErased, userRegistered } from '@shop/events/users';
import { when, type Subscription } from '@shop/platform/consumer';
import type { Transaction } from '@shop/platform/database';
import { notify, type Notifier } from './notify.js';
import type { OrderedItem, Topic, TopicFacts } from './wording.js';

export const subscriptions: readonly Subscription<Notifier>[] = [
  when(userRegistered, ({ id, data: { userId, email, locale, displayName } }, tx, notifier) => {
    const recipient = { userId, email, locale };
    return notify(
      tx,
      { topic: 'welcome', facts: { displayName }, eventId: id, recipient, orderId: null, url: notifier.publicUrl },
      notifier,
    );
  }),
  when(userErased, async ({ data }, tx) => void (await tx.run(`delete from notification where user_id = $1`, [data.userId]))),
  when(orderConfirmed, ({ id, data }, tx, notifier) =>
    notifyBuyer(
      tx,
      id,
      data,
      'order-confirmed',
      { orderNumber: data.orderNumber, items: itemsOf(data), total: data.totals.total },
      notifier,
    ),
  ),
  when(orderRejected, ({ id, data }, tx, notifier) => notifyBuyer(tx, id, data, 'order-rejected', data, notifier)),
  when(orderCancelled, ({ id, data }, tx, notifier) => notifyBuyer(tx, id, data, 'order-cancelled', data, notifier)),
  when(orderShipped, ({ id, data }, tx, notifier) =>
    notifyBuyer(tx, id, data, 'order-shipped', { ...data, items: itemsOf(data) }, notifier),
  ),
  when(orderDelivered, ({ id, data }, tx, notifier) => notifyBuyer(tx, id, data, 'order-delivered', data, notifier)),
  when(paymentActionRequired, ({ id, data }, tx, notifier) =>
    notifyBuyer(tx, id, data, 'payment-action-required', data, notifier, data.nextActionUrl),
  ),
  when(paymentRefunded, async ({ id, data }, tx, notifier) => {
    // An order that cost nothing is cancelled with a refund of nothing: no news for the buyer.
    if (data.amount.amountMinor > 0) await notifyBuyer(tx, id, data, 'payment-refunded', data, notifier);
  }),
];

interface OrderReference {
  orderId: string;
  /** null for a guest. */
  customerId: string | null;
  email: string;
  locale: string;
}

function notifyBuyer<T extends Topic>(
  tx: Transaction,
  eventId: string,
  { orderId, customerId, email, locale }: OrderReference,
  topic: T,
  facts: TopicFacts[T],
  notifier: Notifier,
  url?: string,
): Promise<void> {
  const trackUrl = `${notifier.publicUrl}/track?order=${encodeURIComponent(orderId)}`;
  const target = url && /^https?:\/\//.test(url) ? url : trackUrl;
  return notify(tx, { topic, facts, eventId, recipient: { userId: customerId, email, locale }, orderId, url: target }, notifier);
}

function itemsOf({
  lines,
}: {
  lines: { productName: string; variantName: string; quantity: number; unitPrice: OrderedItem['unitPrice'] }[];
}): OrderedItem[] {
  return lines.map(({ productName, variantName, quantity, unitPrice }) => ({
    name: variantName && variantName !== productName ? `${productName}, ${variantName}` : productName,
    quantity,
    unitPrice,
  }));
}
