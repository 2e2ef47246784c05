import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { carryOut, unixNow, type Desk } from './desk.js';
import { findCardNumber, FormBody } from './form-body.js';
import { fingerprintOf } from './idempotency.js';
import {
  cancelPaymentIntent,
  capturePaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
  createRefund,
  newId,
  refuse,
} from './operations.js';
import type { Outcome } from './operations.js';
import type { PaymentIntent } from './payment-intent.js';
import { noSuch, refusal, type Refusal } from './refusal.js';
import { params, parseParams } from './request-params.js';
import { sendAnswer } from './send-answer.js';
import { registerReads } from './stripe-reads.js';

type Route = FastifyRequest<{ Params: { id?: string } }>;

/** Stripe's endpoints for payment intents, charges and refunds, each behind the secret key. */
export function registerStripeApi(scope: FastifyInstance, desk: Desk, secretKey: string): void {
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('request-id', newId('req'));
    if (!isAuthorized(request.headers.authorization, secretKey)) return sendAnswer(reply, invalidKey, desk);
  });
  const post = <T>(url: string, schema: z.ZodType<T>, run: (given: T, id: string, at: number) => Outcome): void => {
    scope.post(url, (request: Route, reply) =>
      answerPost(desk, request, reply, (body) => {
        const parsed = parseParams(schema, body.fields);
        return parsed.kind === 'parsed' ? run(parsed.value, request.params.id ?? '', unixNow(desk)) : refuse(parsed);
      }),
    );
  };
  const intents = '/v1/payment_intents';
  post(intents, params.create, (given, _id, at) => createPaymentIntent(given, at));
  post(`${intents}/:id/confirm`, params.confirm, (given, id, at) =>
    withIntent(desk, id, (intent) => confirmPaymentIntent(intent, given, at)),
  );
  post(`${intents}/:id/capture`, params.capture, (given, id) => withIntent(desk, id, (intent) => capturePaymentIntent(intent, given)));
  post(`${intents}/:id/cancel`, params.cancel, (given, id, at) => withIntent(desk, id, (intent) => cancelPaymentIntent(intent, given, at)));
  post('/v1/refunds', params.refund, (given, _id, at) => createRefund(desk.ledger, given, at));
  registerReads(scope, desk);
  scope.all('/v1/*', (request, reply) => sendAnswer(reply, unknownAddress(request), desk));
}

async function answerPost(desk: Desk, request: Route, reply: FastifyReply, run: (body: FormBody) => Outcome): Promise<FastifyReply> {
  const body = request.body instanceof FormBody ? request.body : new FormBody('', {});
  const cardField = findCardNumber(body.fields);
  if (cardField !== undefined) return sendAnswer(reply, rawCardNumber(cardField), desk);
  const key = keyOf(request, body);
  if (key === null) return settle(desk, reply, run(body), body, null);
  reply.header('idempotency-key', key.key);
  const claim = desk.ledger.keys.claim(key.key, key.fingerprint, unixNow(desk));
  if (claim.kind === 'refused') return sendAnswer(reply, claim, desk);
  if (claim.kind === 'replay') {
    await desk.ledger.durable();
    return sendAnswer(reply.header('idempotent-replayed', 'true'), claim.answer, desk, expandOf(body));
  }
  try {
    return await settle(desk, reply, run(body), body, key);
  } finally {
    desk.ledger.keys.release(key.key);
  }
}

async function settle(
  desk: Desk,
  reply: FastifyReply,
  outcome: Outcome,
  body: FormBody,
  key: { key: string; fingerprint: string } | null,
): Promise<FastifyReply> {
  await carryOut(desk, outcome, key);
  if (outcome.pace === 'lost') return loseAnswer(desk, reply);
  if (outcome.pace === 'late') await waitFor(desk.lateAnswerMs, desk.closing);
  return sendAnswer(reply, outcome.answer, desk, expandOf(body));
}

/** Keeps the connection open without a byte and then drops it. The key is free meanwhile: a repeat gets the answer. */
function loseAnswer(desk: Desk, reply: FastifyReply): FastifyReply {
  reply.hijack();
  void waitFor(desk.lostAnswerMs, desk.closing).then(() => reply.raw.destroy());
  return reply;
}

const waitFor = (delayMs: number, closing: AbortSignal): Promise<void> =>
  setTimeout(delayMs, undefined, { signal: closing }).catch(() => undefined);

function keyOf(request: Route, { text }: FormBody): { key: string; fingerprint: string } | null {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return null;
  return { key: key.slice(0, 255), fingerprint: fingerprintOf(request.url, text) };
}

function expandOf({ fields }: FormBody): ReadonlySet<string> {
  const parsed = parseParams(params.retrieve, fields);
  return parsed.kind === 'parsed' ? parsed.value.expand : new Set();
}

function withIntent(desk: Desk, id: string, act: (intent: PaymentIntent) => Outcome): Outcome {
  const intent = desk.ledger.intent(id);
  return intent === undefined ? refuse(noSuch('payment_intent', id, 'intent', 404)) : act(intent);
}

function isAuthorized(header: string | undefined, secretKey: string): boolean {
  const [scheme, value = ''] = header?.split(' ') ?? [];
  if (scheme === 'Bearer') return isSame(value, secretKey);
  return scheme === 'Basic' && isSame(Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '', secretKey);
}

const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const invalidKey = refusal(null, 'Invalid API Key provided. Send the secret key as a bearer token.', { status: 401 });

const unknownAddress = ({ method, url }: FastifyRequest): Refusal =>
  refusal(null, `Unrecognized request URL (${method}: ${url.split('?')[0]}).`, { status: 404 });

const rawCardNumber = (param: string): Refusal =>
  refusal(
    null,
    'Sending credit card numbers directly to the API is unsafe and not allowed. Use a test payment method such as pm_card_visa.',
    { param },
  );
