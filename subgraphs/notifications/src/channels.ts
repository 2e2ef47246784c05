import { NotificationChannel } from './notification.entity.js';
import type { Topic } from './wording.js';

const { EMAIL, IN_APP } = NotificationChannel;

/** How each topic reaches a person with an account. */
const channelsOfTopic: Readonly<Record<Topic, readonly NotificationChannel[]>> = {
  welcome: [IN_APP, EMAIL],
  'order-confirmed': [IN_APP, EMAIL],
  'order-rejected': [IN_APP, EMAIL],
  'order-cancelled': [IN_APP, EMAIL],
  'order-shipped': [IN_APP, EMAIL],
  'order-delivered': [IN_APP, EMAIL],
  'payment-action-required': [IN_APP, EMAIL],
  'payment-refunded': [IN_APP, EMAIL],
};

/** A guest has no place in the shop to read it, so only the mail is left. */
export function channelsFor(topic: Topic, hasAccount: boolean): readonly NotificationChannel[] {
  return channelsOfTopic[topic].filter((channel) => hasAccount || channel !== IN_APP);
}
