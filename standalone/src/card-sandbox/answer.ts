import { z } from 'zod';
import { paymentIntentRecord } from './payment-intent.js';
import { refundRecord } from './refund.js';

/** The outcome of one POST as of that moment: enough to write the same bytes again for a repeated idempotency key. */
export const answerRecord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('intent'), intent: paymentIntentRecord }),
  z.object({ kind: z.literal('declined'), intent: paymentIntentRecord }),
  z.object({ kind: z.literal('refund'), refund: refundRecord }),
  z.object({
    kind: z.literal('refused'),
    status: z.literal([400, 401, 404, 409]),
    type: z.enum(['invalid_request_error', 'idempotency_error']),
    code: z.string().nullable(),
    message: z.string(),
    param: z.string().nullable(),
    intent: paymentIntentRecord.optional(),
  }),
]);

export type Answer = z.infer<typeof answerRecord>;
