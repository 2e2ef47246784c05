import { money } from '@shop/events/values';
import { z } from 'zod';

/** What payments needs to know to authorise an order. Kept only until it was asked. */
const authorization = z.object({
  orderNumber: z.string(),
  customerId: z.string().nullable(),
  email: z.string(),
  locale: z.string(),
  amount: money,
  paymentToken: z.string(),
});

export type Authorization = z.infer<typeof authorization>;

const facts = {
  orderId: z.string(),
  /** The last thing known about the stock of the order; only ever moves to the right. */
  stock: z.enum(['asked', 'held', 'committed', 'gone']),
  /** The last thing known about its payment; only ever moves to the right. */
  payment: z.enum(['unasked', 'asked', 'action-required', 'authorized', 'captured', 'gone']),
  /** A parcel has left: nothing is undone any more. */
  isShipped: z.boolean(),
  outcome: z.enum(['CONFIRMED', 'REJECTED', 'CANCELLED']).nullable(),
  /** Why it is being undone, as a code; never what a person wrote. */
  reason: z.string().nullable(),
  /** How often unanswered commands were sent again. */
  attempts: z.int(),
  deadlineAt: z.iso.datetime().nullable(),
};

/**
 * Where the story of one checkout stands:
 * - `reserving`, `authorizing`: before the pivot, everything can be undone;
 * - `fulfilling`: confirmed; stock and money are being taken for good;
 * - `undoing`: rejected or cancelled; what was done is being given back;
 * - `complete`: nothing is outstanding.
 */
export const checkoutState = z.discriminatedUnion('step', [
  z.object({ step: z.literal('reserving'), authorization, ...facts }),
  z.object({ step: z.enum(['authorizing', 'fulfilling', 'undoing', 'complete']), ...facts }),
]);

export type CheckoutState = z.infer<typeof checkoutState>;
export type Reserving = Extract<CheckoutState, { step: 'reserving' }>;
export type Later = Exclude<CheckoutState, Reserving>;
