import type { FastifyInstance, FastifyReply } from 'fastify';
import { carryOut, unixNow, type Desk } from './desk.js';
import { FormBody } from './form-body.js';
import { newId } from './operations.js';
import { authenticateIntent, type PaymentIntent } from './payment-intent.js';
import { challengePage, resultPage, unknownPaymentPage, type Page } from './three-d-secure-page.js';

interface Route {
  Params: { id: string };
}

/** The bank's side of 3-D Secure: a page with two buttons. Open to whoever knows the intent's unguessable id. */
export function registerThreeDSecure(scope: FastifyInstance, desk: Desk): void {
  scope.get<Route>('/sandbox/3ds/:id', async (request, reply) => {
    const intent = desk.ledger.intent(request.params.id);
    if (intent === undefined) return sendPage(reply.code(404), unknownPaymentPage());
    return sendPage(reply, intent.status === 'requires_action' ? challengePage(intent) : resultPage(intent));
  });
  scope.post<Route>('/sandbox/3ds/:id', async (request, reply) => {
    const intent = desk.ledger.intent(request.params.id);
    if (intent === undefined) return sendPage(reply.code(404), unknownPaymentPage());
    const outcome = request.body instanceof FormBody ? request.body.fields['outcome'] : undefined;
    if (outcome !== 'approve' && outcome !== 'refuse') return sendPage(reply.code(400), challengePage(intent));
    return goBack(reply, await authenticate(desk, intent, outcome));
  });
}

/** A repeat, or an answer that came too late, changes nothing. */
async function authenticate(desk: Desk, intent: PaymentIntent, outcome: 'approve' | 'refuse'): Promise<PaymentIntent> {
  const decision = authenticateIntent(intent, outcome, { chargeId: newId('ch'), at: unixNow(desk) });
  if (decision.kind === 'refused') return intent;
  const changed = { intent: decision.intent, events: [decision.event] };
  await carryOut(desk, { answer: { kind: 'intent', intent: decision.intent }, changed, pace: 'at-once' }, null);
  return decision.intent;
}

function goBack(reply: FastifyReply, intent: PaymentIntent): FastifyReply {
  if (intent.returnUrl === null) return sendPage(reply, resultPage(intent));
  const target = new URL(intent.returnUrl);
  target.searchParams.set('payment_intent', intent.id);
  target.searchParams.set('redirect_status', intent.status === 'requires_payment_method' ? 'failed' : 'succeeded');
  return reply.redirect(target.href, 303);
}

const sendPage = (reply: FastifyReply, { html, contentSecurityPolicy }: Page): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(html);
