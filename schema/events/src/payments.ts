import { z } from 'zod';
import { command, event } from './envelope.js';
import { money } from './values.js';

export const authorizePayment = command(
  'payments.authorize.v1',
  'order',
  'Authorise the total of an order on a payment token. Answered by payment-authorized, payment-declined or payment-action-required. At most one payment an order.',
  z.object({
    orderId: z.string(),
    orderNumber: z.string(),
    customerId: z.string().nullable(),
    email: z.string(),
    locale: z.string(),
    amount: money,
    paymentToken: z.string(),
  }),
);

export const capturePayment = command(
  'payments.capture.v1',
  'order',
  'Take the money that is authorised for the order. Answered by payment-captured.',
  z.object({ orderId: z.string() }),
);

export const voidPayment = command(
  'payments.void.v1',
  'order',
  'Undo the payment of an order: void an authorisation, refund what is captured. Safe when nothing was authorised; an authorisation that arrives later is refused. Answered by payment-voided, or payment-refunded (with an amount of 0 when everything was refunded before).',
  z.object({ orderId: z.string(), reason: z.string() }),
);

/** Whose payment it is; enough to write to the buyer. */
const paymentReference = z.object({
  paymentId: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  customerId: z.string().nullable(),
  email: z.string(),
  locale: z.string(),
});

export const paymentAuthorized = event(
  'payments.payment-authorized.v1',
  'order',
  'The money is set aside for us.',
  paymentReference.extend({ amount: money }),
);

export const paymentDeclined = event(
  'payments.payment-declined.v1',
  'order',
  'The provider said no, or the buyer refused to confirm. Final.',
  paymentReference.extend({ declineCode: z.string(), message: z.string() }),
);

export const paymentActionRequired = event(
  'payments.payment-action-required.v1',
  'order',
  'The buyer must confirm on the page at `nextActionUrl` (3-D Secure).',
  paymentReference.extend({ nextActionUrl: z.string() }),
);

export const paymentCaptured = event(
  'payments.payment-captured.v1',
  'order',
  'The money is ours.',
  paymentReference.extend({ amount: money }),
);

export const paymentVoided = event(
  'payments.payment-voided.v1',
  'order',
  'The authorisation is gone; nothing was taken. Order number and e-mail are empty when there was never an authorisation to undo.',
  paymentReference.extend({ reason: z.string() }),
);

export const paymentRefunded = event(
  'payments.payment-refunded.v1',
  'order',
  'Money went back to the buyer: `amount` now, `refundedTotal` so far.',
  paymentReference.extend({ amount: money, refundedTotal: money, capturedTotal: money, reason: z.string() }),
);
