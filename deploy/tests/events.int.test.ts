import { deadLetters } from '@shop/platform/dead-letter';
import type { EventBus } from '@shop/platform/event-bus';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { countUnsent } from '@shop/platform/outbox';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { startTwoServices, type TwoServices } from './event-services.js';

let shop: TwoServices;
let bus: EventBus;
const both = '--service orders --service inventory';
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

beforeEach(async () => {
  bus = inProcessBus({ logger: quietLogger, backoffMs: [1] });
  shop = await startTwoServices(bus);
});
afterEach(() => shop[Symbol.asyncDispose]());

async function parkOne(aggregateId = 'a'): Promise<string> {
  shop.fault = new Error('no room for 12 pieces');
  await shop.emit(aggregateId, 1);
  let id = '';
  await eventually(async () => {
    id = (await deadLetters(shop.inventory)).find(({ event }) => event.aggregateId === aggregateId)?.event.id ?? '';
    expect(id).not.toBe('');
  });
  shop.fault = null;
  return id;
}

it('dead letters are listed by fault, with what one needs to find them', async () => {
  expect((await shop.run(`dead list ${both}`)).said).toEqual(['No dead letters.']);
  const [first, second] = [await parkOne('a'), await parkOne('b')];
  const { code, said } = await shop.run(`dead list ${both}`);
  expect(code).toBe(0);
  expect(said[0]).toBe('2 x inventory (consumer inventory): Error: no room for <n> pieces');
  expect(said.slice(1).join('\n')).toMatch(new RegExp(`${first} +orders.placed.v1 +a +6 attempts.*\n.*${second} +orders.placed.v1 +b +6`));
});

it('a dead letter that is replayed reaches the consumer, and is listed no more', async () => {
  const id = await parkOne();
  const { code } = await shop.run(`dead replay ${id} ${both}`);
  expect(code).toBe(0);
  await eventually(async () => expect(await shop.heard('a')).toEqual([1]));
  expect((await shop.run(`dead list ${both}`)).said).toEqual(['No dead letters.']);
});

it('one that fails again is listed again', async () => {
  await parkOne();
  shop.fault = new Error('still no room');
  await shop.run(`dead replay --all ${both}`);
  await eventually(async () =>
    expect((await shop.run(`dead list ${both}`)).said[0]).toBe('1 x inventory (consumer inventory): Error: still no room'),
  );
});

it('one that its outbox has forgotten is replayed as the newest of its aggregate', async () => {
  await parkOne();
  await shop.orders.run('delete from outbox');
  await shop.emit('a', 2);
  await shop.run(`dead replay --all ${both}`);
  await eventually(async () => expect(await shop.heard('a')).toEqual([2, 1]));
});

it('one that is discarded is gone, and never comes', async () => {
  const id = await parkOne();
  await shop.run(`dead discard ${id} ${both}`);
  expect(await deadLetters(shop.inventory)).toEqual([]);
  await shop.emit('a', 2);
  await eventually(async () => expect(await shop.heard('a')).toEqual([2]));
});

it('an event that is no dead letter is refused, and nothing is done', async () => {
  const id = await parkOne();
  const { code, complained } = await shop.run(`dead discard ${id} 01a206f2-34b8-7002-b7c2-ed71931883bb ${both}`);
  expect([code, complained]).toEqual([1, ['No such dead letter: 01a206f2-34b8-7002-b7c2-ed71931883bb']]);
  expect(await deadLetters(shop.inventory)).toHaveLength(1);
});

it('a redrive sends again, in order, what was sent since; what was handled changes nothing', async () => {
  const since = new Date().toISOString();
  await shop.emit('a', 1, 2, 3);
  await eventually(async () => expect(await shop.heard('a')).toEqual([1, 2, 3]));
  // The relay marks what it has sent a moment later.
  await eventually(async () => expect(await countUnsent(shop.orders)).toBe(0));
  // As a database that was restored from before these events.
  await shop.inventory.run(`delete from heard where n > 1`);
  const late = await shop.orders.rows(z.object({ id: z.string() }), 'select id from outbox where aggregate_version > 1');
  await shop.inventory.run('delete from inbox where event_id = any($1::uuid[])', [late.map(({ id }) => id)]);
  const { said } = await shop.run(`redrive --since ${since} --service orders`);
  expect(said).toEqual([`orders: 3 events since ${since} are sent again`]);
  await eventually(async () => expect(await shop.heard('a')).toEqual([1, 2, 3]));
});

it('a redrive sends again what the relay has sent and not marked yet', async () => {
  const since = new Date().toISOString();
  const marking = Promise.withResolvers<void>();
  const publish = bus.publish.bind(bus);
  bus.publish = async (event) => {
    await publish(event);
    await marking.promise;
  };
  await shop.emit('a', 1, 2);
  await eventually(async () => expect(await shop.heard('a')).toEqual([1]));
  await shop.inventory.run('delete from heard');
  await shop.inventory.run('delete from inbox');
  const { said } = await shop.run(`redrive --since ${since} --service orders`);
  expect(said).toEqual([`orders: 2 events since ${since} are sent again`]);
  marking.resolve();
  await eventually(async () => expect(await countUnsent(shop.orders)).toBe(0));
  await eventually(async () => expect((await shop.heard('a')).toSorted((a, b) => a - b)).toEqual([1, 2]));
});

it('a database that is not there is named, with the reason', async () => {
  const { code, complained } = await shop.run('dead list --service cart', { CART_DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/cart' });
  expect(code).toBe(1);
  expect(complained.join()).toMatch(/The database of cart can't be reached: .*ECONNREFUSED/);
});
