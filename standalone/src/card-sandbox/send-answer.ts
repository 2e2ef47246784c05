import type { FastifyReply } from 'fastify';
import type { Answer } from './answer.js';
import type { Desk } from './desk.js';
import type { PaymentIntent } from './payment-intent.js';
import { showCardError, showIntent, showRefund, type StripeObject } from './stripe-objects.js';

/** Writes an outcome in Stripe's shape; `expand` as asked for by this request. */
export function sendAnswer(reply: FastifyReply, answer: Answer, desk: Desk, expand: ReadonlySet<string> = new Set()): FastifyReply {
  return reply.code(statusOf(answer)).send(showAnswer(answer, desk.publicUrl(), expand));
}

function statusOf(answer: Answer): number {
  switch (answer.kind) {
    case 'intent':
    case 'refund':
      return 200;
    case 'declined':
      return 402;
    case 'refused':
      return answer.status;
    default:
      return answer satisfies never;
  }
}

function showAnswer(answer: Answer, baseUrl: string, expand: ReadonlySet<string>): StripeObject {
  switch (answer.kind) {
    case 'intent':
      return showIntent(answer.intent, baseUrl, expand);
    case 'refund':
      return showRefund(answer.refund);
    case 'declined':
      return { error: { ...declinedBy(answer.intent), payment_intent: showIntent(answer.intent, baseUrl) } };
    case 'refused': {
      const { type, code, message, param, intent } = answer;
      const about = intent === undefined ? {} : { payment_intent: showIntent(intent, baseUrl) };
      return { error: { type, message, ...(code === null ? {} : { code }), ...(param === null ? {} : { param }), ...about } };
    }
    default:
      return answer satisfies never;
  }
}

const declinedBy = ({ lastError, charge }: PaymentIntent): StripeObject => (lastError === null ? {} : showCardError(lastError, charge));
