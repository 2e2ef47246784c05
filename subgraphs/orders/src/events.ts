import { stockCommitted, stockRejected, stockReleased, stockReserved } from '@shop/events/inventory';
import {
  paymentActionRequired,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
} from '@shop/events/payments';
import { when, type Subscription } from '@shop/platform/consumer';
import type { EventContract, ReceivedEvent } from '@shop/platform/event';
import { advance, type CheckoutServices } from './checkout-runner.js';
import type { CheckoutMessage } from './checkout.saga.js';

/** Everything that orders hears of, each told to the checkout of the order. */
export const subscriptions: readonly Subscription<CheckoutServices>[] = [
  tell(stockReserved, () => ({ type: 'stock-reserved' })),
  tell(stockRejected, () => ({ type: 'stock-rejected' })),
  tell(stockReleased, () => ({ type: 'stock-released' })),
  tell(stockCommitted, () => ({ type: 'stock-committed' })),
  tell(paymentActionRequired, () => ({ type: 'payment-action-required' })),
  tell(paymentAuthorized, () => ({ type: 'payment-authorized' })),
  tell(paymentDeclined, () => ({ type: 'payment-declined' })),
  tell(paymentCaptured, () => ({ type: 'payment-captured' })),
  tell(paymentVoided, () => ({ type: 'payment-voided' })),
  tell(paymentRefunded, ({ data }) => ({
    type: 'payment-refunded',
    isFull: data.refundedTotal.amountMinor >= data.capturedTotal.amountMinor,
  })),
];

function tell<T extends { orderId: string }>(
  contract: EventContract<T>,
  messageOf: (event: ReceivedEvent<T>) => CheckoutMessage,
): Subscription<CheckoutServices> {
  return when(contract, async (event, tx, services) => {
    const cause = { causationId: event.id, traceparent: event.traceparent };
    await advance(tx, event.data.orderId, messageOf(event), services, cause);
  });
}
