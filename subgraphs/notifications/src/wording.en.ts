import type { Amount } from '@shop/platform/money';
import type { OrderedItem, Wording } from './wording.js';

const rejections = new Map([
  ['OUT_OF_STOCK', 'Something in it has just sold out.'],
  ['PAYMENT_DECLINED', 'The payment was declined.'],
  ['TIMED_OUT', 'The payment was not confirmed in time.'],
]);

const itemList = (items: readonly OrderedItem[], money: (amount: Amount) => string) =>
  items.map(({ quantity, name, unitPrice }) => `${quantity} × ${name}, ${money(unitPrice)} each`);

export const english: Wording = {
  welcome: ({ displayName }) => ({
    subject: 'Welcome to the shop',
    paragraphs: [`Hello ${displayName},`, 'your account is ready.'],
    action: 'Go to the shop',
  }),
  'order-confirmed': ({ orderNumber, items, total }, money) => ({
    subject: `Your order ${orderNumber} is confirmed`,
    paragraphs: ['Thank you! We are getting your order ready.', `Total: ${money(total)}`],
    items: itemList(items, money),
    action: 'Follow your order',
  }),
  'order-rejected': ({ orderNumber, reason }) => ({
    subject: `Your order ${orderNumber} could not be placed`,
    paragraphs: [rejections.get(reason) ?? 'We could not fulfil it.', 'Nothing was charged.'],
    action: 'See your order',
  }),
  'order-cancelled': ({ orderNumber }) => ({
    subject: `Your order ${orderNumber} is cancelled`,
    paragraphs: ['The order is cancelled. What was charged goes back to you.'],
    action: 'See your order',
  }),
  'order-shipped': ({ orderNumber, carrier, trackingNumber, items, isPartial }, money) => ({
    subject: isPartial ? `Part of your order ${orderNumber} is on its way` : `Your order ${orderNumber} is on its way`,
    paragraphs: [
      trackingNumber ? `Sent with ${carrier}, tracking number ${trackingNumber}.` : `Sent with ${carrier}.`,
      ...(isPartial ? ['The rest follows in another parcel.'] : []),
    ],
    items: itemList(items, money),
    action: 'Follow your order',
  }),
  'order-delivered': ({ orderNumber }) => ({
    subject: `Your order ${orderNumber} has arrived`,
    paragraphs: ['Everything has been delivered. Enjoy!'],
    action: 'See your order',
  }),
  'payment-action-required': ({ orderNumber }) => ({
    subject: `Please confirm the payment of your order ${orderNumber}`,
    paragraphs: ['Your bank asks you to confirm the payment. Until then the order waits.'],
    action: 'Confirm the payment',
  }),
  'payment-refunded': ({ orderNumber, amount }, money) => ({
    subject: `A refund for your order ${orderNumber}`,
    paragraphs: [`We have sent ${money(amount)} back to you. It may take a few days to show.`],
    action: 'See your order',
  }),
};
