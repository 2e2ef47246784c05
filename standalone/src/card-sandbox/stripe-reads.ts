import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Desk } from './desk.js';
import { findCardNumber, parseForm } from './form-body.js';
import type { PaymentIntent } from './payment-intent.js';
import { noSuch, refusal, type Refusal } from './refusal.js';
import { params, parseParams, parseSearchQuery } from './request-params.js';
import { sendAnswer } from './send-answer.js';
import { showCharge, showIntent, showList, showRefund, type StripeObject } from './stripe-objects.js';

type Route = FastifyRequest<{ Params: { id?: string } }>;
type Found = { kind: 'found'; object: StripeObject } | Refusal;

const found = (object: StripeObject): Found => ({ kind: 'found', object });

/** Everything that can be asked for; lists and searches are newest first. Search sees every change at once, unlike Stripe's. */
export function registerReads(scope: FastifyInstance, desk: Desk): void {
  const { ledger } = desk;
  const get = <T>(url: string, schema: z.ZodType<T>, find: (asked: T, id: string) => Found): void => {
    scope.get(url, async (request: Route, reply) => sendFound(desk, reply, read(request, schema, find)));
  };
  get('/v1/payment_intents', params.listIntents, (asked) => listIntents(desk, asked));
  get('/v1/payment_intents/search', params.search, (asked) => searchIntents(desk, asked));
  get('/v1/payment_intents/:id', params.retrieve, ({ expand }, id) => {
    const intent = ledger.intent(id);
    return intent === undefined ? noSuch('payment_intent', id, 'intent', 404) : found(showIntent(intent, desk.publicUrl(), expand));
  });
  get('/v1/charges/:id', params.retrieve, (_asked, id) => {
    const intent = ledger.intentOfCharge(id);
    return intent?.charge?.id === id ? found(showCharge(intent, intent.charge)) : noSuch('charge', id, 'id', 404);
  });
  get('/v1/refunds', params.listRefunds, (asked) => listRefunds(desk, asked));
  get('/v1/refunds/:id', params.retrieve, (_asked, id) => {
    const refund = ledger.refund(id);
    return refund === undefined ? noSuch('refund', id, 'id', 404) : found(showRefund(refund));
  });
}

function read<T>(request: Route, schema: z.ZodType<T>, find: (asked: T, id: string) => Found): Found {
  const fields = parseForm(request.url.split('?', 2)[1] ?? '');
  const cardField = findCardNumber(fields);
  if (cardField !== undefined) return refusal(null, 'Card numbers are not allowed here.', { param: cardField });
  const parsed = parseParams(schema, fields);
  return parsed.kind === 'parsed' ? find(parsed.value, request.params.id ?? '') : parsed;
}

/** An answer tells only what would survive a crash. */
async function sendFound(desk: Desk, reply: FastifyReply, result: Found): Promise<FastifyReply> {
  await desk.ledger.durable();
  return result.kind === 'found' ? reply.send(result.object) : sendAnswer(reply, result, desk);
}

function listIntents(desk: Desk, asked: z.infer<typeof params.listIntents>): Found {
  const { gte = 0, gt = -1, lte = Infinity, lt = Infinity } = asked.created;
  const after = asked.starting_after;
  if (after !== undefined && desk.ledger.intent(after) === undefined) return noSuch('payment_intent', after, 'starting_after', 400);
  const wanted = page(desk.ledger.intents(), after, asked.limit, {
    ends: ({ created }) => created < gte || created <= gt,
    matches: ({ created }) => created <= lte && created < lt,
  });
  const shown = wanted.items.map((intent) => showIntent(intent, desk.publicUrl(), ofItems(asked.expand)));
  return found(showList('/v1/payment_intents', shown, wanted.hasMore));
}

function searchIntents(desk: Desk, asked: z.infer<typeof params.search>): Found {
  const query = parseSearchQuery(asked.query);
  if (query.kind === 'refused') return query;
  const hasAll = ({ metadata }: PaymentIntent): boolean => [...query.value].every(([key, value]) => metadata[key] === value);
  const wanted = page(desk.ledger.intents(), asked.page, asked.limit, { ends: () => false, matches: hasAll });
  const shown = wanted.items.map((intent) => showIntent(intent, desk.publicUrl(), ofItems(asked.expand)));
  const next = wanted.hasMore ? (wanted.items.at(-1)?.id ?? null) : null;
  return found({ object: 'search_result', url: '/v1/payment_intents/search', has_more: wanted.hasMore, next_page: next, data: shown });
}

function listRefunds(desk: Desk, asked: z.infer<typeof params.listRefunds>): Found {
  const wanted = page(desk.ledger.refunds().toReversed(), asked.starting_after, asked.limit, {
    ends: () => false,
    matches: ({ paymentIntentId, chargeId }) =>
      (asked.payment_intent ?? paymentIntentId) === paymentIntentId && (asked.charge ?? chargeId) === chargeId,
  });
  return found(showList('/v1/refunds', wanted.items.map(showRefund), wanted.hasMore));
}

interface Wanted<T> {
  ends: (item: T) => boolean;
  matches: (item: T) => boolean;
}

/** Up to `limit` matching items behind the one with the id `after`, and whether there are more. */
function page<T extends { id: string }>(source: Iterable<T>, after: string | undefined, limit: number, { ends, matches }: Wanted<T>) {
  const items: T[] = [];
  let skipping = after !== undefined;
  for (const item of source) {
    if (ends(item)) break;
    if (!skipping && matches(item)) {
      if (items.length === limit) return { items, hasMore: true };
      items.push(item);
    }
    if (item.id === after) skipping = false;
  }
  return { items, hasMore: false };
}

/** Paths in a list start with `data.`. */
const ofItems = (expand: ReadonlySet<string>): ReadonlySet<string> => new Set([...expand].map((path) => path.replace(/^data\./, '')));
