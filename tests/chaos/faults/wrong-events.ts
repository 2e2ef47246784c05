import { runEvents } from '@shop/deploy/events/run-events';
import { stockReserved } from '@shop/events/inventory';
import { eventSchema, type EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { natsBus } from '@shop/platform/nats-bus';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf, placeOrder, untilStatus } from '../../kit/buyer.js';
import { eventOf } from '../../kit/event.js';
import type { BookName } from '../../kit/ledger.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { quietLogger } from '../../kit/subgraph.js';
import { until } from '../../kit/until.js';
import { eventsEnvironment } from './broker.js';
import { buyAll, expectAllConfirmed, readyCarts } from './buyers.js';
import { dead, expectBooksToCheck, OUT_OF_ORDER, processDead, type ShopNow } from './shop-under-fault.js';

const CANCEL = `mutation C($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename ... on UserError { code } } }`;
const OUTBOX = `select id::text, type, aggregate_id as "aggregateId", aggregate_version as "aggregateVersion", data, traceparent,
  causation_id::text as "causationId", to_char(occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt" from outbox`;
const SENDERS: readonly BookName[] = ['users', 'orders', 'payments', 'inventory'];

export function wrongEvents(shop: ShopNow): void {
  describe('events that come wrong:', () => {
    /** Breaks its contract; it takes half a minute until its consumer has given it up, so it is sent first. */
    const poison = eventOf(stockReserved, newId(), { surprise: true });
    beforeAll(() => publish(shop(), [poison]));

    it('hundreds a second time and shuffled, while buyers check out', async () => {
      const purchases = await readyCarts(shop(), 5);
      const sent = await Promise.all(
        SENDERS.map((sender) => eventsOf(shop(), sender, 'where sent_at is not null order by position desc limit 100')),
      );
      const buying = buyAll(purchases);
      await publish(shop(), shuffled(sent.flat()));
      await expectAllConfirmed(shop(), await buying, EXPECTED);
    });

    it('a release of stock before the reservation that it ends', async () => {
      const [cart, other] = await readyCarts(shop(), 2);
      if (!cart || !other) throw new Error('Two carts were asked for.');
      const broker = await dead(shop(), 'nats');
      const order = await placeOrder(cart.cart);
      const cancelled = await bearerOf(shop(), order).get(CANCEL, { input: { orderId: order.id, reason: 'Changed my mind' } });
      expect(cancelled).toMatchObject({ __typename: 'OrderPayload' });
      const process = await processDead(shop(), 'orders');
      await broker[Symbol.asyncDispose]();
      const events = await eventsOf(shop(), 'orders', `where aggregate_id = '${order.id}' and sent_at is null order by position desc`);
      expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['inventory.reserve-stock.v1', 'inventory.release-stock.v1']));
      await publish(shop(), events);
      await until(async () => ((await stockOf(shop(), order.id)) === 'RELEASED' ? true : null), { what: 'the tombstone' });
      await process[Symbol.asyncDispose]();
      await expectBooksToCheck(shop(), EXPECTED);
      expect(await stockOf(shop(), order.id)).toBe('RELEASED');
      expect(await untilStatus(bearerOf(shop(), order), order.id, 'CANCELLED')).toEqual(['PLACED', 'CANCELLED']);
    });

    it('one that breaks its contract: it is the only one that is put aside, and a person discards it', async () => {
      const isAside = async () =>
        (await shop().sql('orders', 'select from dead_letter where event_id = $1', [poison.id])).length > 0 ? true : null;
      await until(isAside, { timeoutMs: 60_000, what: 'the event to be put aside' });
      expect(await deadList(shop())).toEqual([
        expect.stringMatching(/^1 x orders \(consumer orders\)/),
        expect.stringContaining(poison.id),
      ]);
      await events(shop(), ['dead', 'discard', poison.id]);
      await expectBooksToCheck(shop(), OUT_OF_ORDER);
    });
  });
}

const THIS_POISON = /^I16: orders has put inventory.stock-reserved.v1 aside/;
const EXPECTED = new RegExp(`${THIS_POISON.source}|${OUT_OF_ORDER.source}`);

async function eventsOf({ sql }: ShopInStack, sender: BookName, which: string): Promise<EventEnvelope[]> {
  return z.array(eventSchema).parse(await sql(sender, `${OUTBOX} ${which}`));
}

async function stockOf({ sql }: ShopInStack, orderId: string): Promise<unknown> {
  return (await sql('inventory', 'select status from reservation where order_id = $1', [orderId]))[0]?.['status'];
}

/** One after the other, past everything that keeps an event from being sent twice. */
async function publish({ stores }: ShopInStack, all: readonly EventEnvelope[]): Promise<void> {
  await using bus = natsBus({ url: stores.urls.nats, name: 'tests', logger: quietLogger });
  await bus.connected(AbortSignal.timeout(10_000));
  for (const event of all) await bus.publishAgain(event);
}

function shuffled<T>(all: readonly T[]): T[] {
  return all
    .map((one) => ({ one, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

const deadList = (shop: ShopInStack) => events(shop, ['dead', 'list']);

async function events(shop: ShopInStack, words: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  expect(await runEvents(words, eventsEnvironment(shop), { say, complain: say }), lines.join('\n')).toBe(0);
  return lines;
}
