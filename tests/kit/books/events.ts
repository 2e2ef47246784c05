import { cartSubscriptions } from '@shop/cart';
import { inventorySubscriptions } from '@shop/inventory';
import { notificationsSubscriptions } from '@shop/notifications';
import { ordersSubscriptions } from '@shop/orders';
import { paymentsSubscriptions } from '@shop/payments';
import { z } from 'zod';
import type { BookName, Books } from '../ledger.js';

const SENDERS: readonly BookName[] = ['users', 'orders', 'payments', 'inventory', 'notifications', 'cart'];

/** The consumers that have an inbox; search and cart follow products and stock by version instead. */
const consumers: readonly { name: BookName; types: ReadonlySet<string> }[] = [
  { name: 'orders', types: typesOf(ordersSubscriptions) },
  { name: 'payments', types: typesOf(paymentsSubscriptions) },
  { name: 'inventory', types: typesOf(inventorySubscriptions) },
  { name: 'notifications', types: typesOf(notificationsSubscriptions) },
  { name: 'cart', types: typesOf(cartSubscriptions) },
];

const outboxRow = z.object({ id: z.string(), type: z.string(), is_sent: z.boolean(), aggregate: z.string(), version: z.number() });
const inboxRow = z.object({ id: z.string(), at: z.coerce.number() });
type Sent = z.output<typeof outboxRow> & { sender: BookName };

/**
 * I13, I14 and I16: everything was sent, each consumer applied each event once and those of an aggregate in order, and nothing lies about
 * waiting for a person.
 */
export async function eventViolations(books: Books): Promise<string[]> {
  const outboxes = await Promise.all(SENDERS.map((sender) => outboxOf(books, sender)));
  const events = outboxes.flat();
  const withInbox = consumers.filter(({ name }) => !books.withoutInbox?.includes(name));
  const inboxes = await Promise.all(withInbox.map((consumer) => inboxViolations(books, consumer, events)));
  const parked = await Promise.all(SENDERS.map((name) => deadLetters(books, name)));
  const unsent = events.filter((event) => !event.is_sent).map(({ sender, type, id }) => `I16: ${sender} has not sent ${type} (${id})`);
  return [...unsent, ...outboxes.flatMap(gaps), ...inboxes.flat(), ...parked.flat(), ...(await callViolations(books))];
}

async function outboxOf(books: Books, sender: BookName): Promise<Sent[]> {
  const rows = await books.sql(
    sender,
    `select id::text, type, sent_at is not null as is_sent, aggregate_id as aggregate, aggregate_version as version from outbox`,
  );
  return z
    .array(outboxRow)
    .parse(rows)
    .map((row) => ({ ...row, sender }));
}

async function inboxViolations(books: Books, { name, types }: (typeof consumers)[number], events: readonly Sent[]): Promise<string[]> {
  const rows = z
    .array(inboxRow)
    .parse(
      await books.sql(name, `select event_id::text as id, extract(epoch from received_at) as at from inbox where consumer = '${name}'`),
    );
  const applied = new Map(rows.map(({ id, at }) => [id, at]));
  const known = new Set(events.map(({ id }) => id));
  const missed = events.filter(({ id, type, is_sent }) => is_sent && types.has(type) && !applied.has(id));
  return [
    ...missed.map(({ type, id }) => `I13: ${name} has not applied ${type} (${id})`),
    ...[...applied.keys()].filter((id) => !known.has(id)).map((id) => `I13: ${name} applied an event that nobody sent (${id})`),
    ...disorder(name, events, applied),
  ];
}

function gaps(sent: readonly Sent[]): string[] {
  return [...Map.groupBy(sent, ({ aggregate }) => aggregate)].flatMap(([aggregate, events]) => {
    const newest = Math.max(...events.map(({ version }) => version));
    return newest === events.length
      ? []
      : [`I14: ${events[0]?.sender} has ${events.length} events of ${aggregate}, the newest is number ${newest}`];
  });
}

/** By the beginnings of the transactions in which they were applied, each of which began after the one before had ended. */
function disorder(consumer: BookName, events: readonly Sent[], applied: ReadonlyMap<string, number>): string[] {
  const known = events.filter(({ id }) => applied.has(id));
  return [...Map.groupBy(known, ({ sender, aggregate }) => `${sender} ${aggregate}`)].flatMap(([aggregate, all]) => {
    const times = all.toSorted((a, b) => a.version - b.version).map(({ id }) => applied.get(id) ?? 0);
    const isInOrder = times.every((at, place) => place === 0 || (times[place - 1] ?? 0) <= at);
    return isInOrder ? [] : [`I14: ${consumer} applied the events of ${aggregate} out of order`];
  });
}

async function deadLetters(books: Books, name: BookName): Promise<string[]> {
  const rows = await books.sql(name, `select consumer, event->>'type' as type, error from dead_letter`);
  return rows.map(({ consumer, type, error }) => `I16: ${String(consumer)} has put ${String(type)} aside: ${String(error)}`);
}

async function callViolations(books: Books): Promise<string[]> {
  const waiting = await books.sql('payments', 'select key from provider_call');
  const webhooks = (await books.provider?.pendingWebhooks()) ?? 0;
  return [
    ...waiting.map(({ key }) => `I16: the provider still has to be asked (${String(key)})`),
    ...(webhooks > 0 ? [`I16: ${webhooks} webhooks are on their way`] : []),
  ];
}

function typesOf(subscriptions: readonly { contract: { type: string } }[]): Set<string> {
  return new Set(subscriptions.filter((subscription) => 'handle' in subscription).map(({ contract }) => contract.type));
}
