import { authorizePayment, capturePayment, voidPayment } from '@shop/events/payments';
import { when, type Subscription } from '@shop/platform/consumer';
import type { PaymentsServices } from './context.js';
import { authorize, capture, voidOrderPayment } from './payment-commands.js';

export const subscriptions: readonly Subscription<PaymentsServices>[] = [
  when(authorizePayment, authorize),
  when(capturePayment, capture),
  when(voidPayment, voidOrderPayment),
];
