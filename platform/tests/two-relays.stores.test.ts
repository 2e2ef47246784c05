import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '@shop/platform/database';
import { natsBus, type NatsBus } from '@shop/platform/nats-bus';
import { countUnsent } from '@shop/platform/outbox';
import { openTestDatabase, type OpenTestDatabase } from '@shop/tests/kit/database';
import { storeUrl } from '@shop/tests/kit/stores';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { eventually } from './event-bus.contract.js';

const counted = { type: 'tests.counted.v1', data: z.object({ n: z.int() }) };
const LEASE_MS = 5_000;

let place: OpenTestDatabase;
let db: Database;
let prefix: string;
let bus: NatsBus;
let relays: ChildProcess[];

beforeAll(async () => {
  place = await openTestDatabase();
  db = place.db;
});
afterAll(() => place[Symbol.asyncDispose]());
beforeEach(async () => {
  prefix = `t-${randomUUID()}`;
  bus = natsBus({ url: storeUrl('nats'), name: 'tests', logger: quietLogger, prefix, maxBytes: 2 ** 24 });
  relays = [];
  await db.run('truncate outbox, lease');
});
afterEach(async () => {
  await Promise.all(relays.map(async (relay) => end(relay)));
  await bus[Symbol.asyncDispose]();
});

it('two relays on one outbox send every event, in order', async () => {
  const received = receive();
  startRelay();
  startRelay();
  for (let n = 1; n <= 10; n++) await emitTo(20, n);
  await eventually(async () => expect(await countUnsent(db)).toBe(0));
  await eventually(() => expect(received.size).toBe(20));
  expectWhole(received, 20, 10);
});

it('a relay that is paused while it sends, and goes on after another has taken over, loses and reorders nothing', async () => {
  const received = receive();
  const paused = startRelay();
  await eventually(async () => expect(await fence()).toBe(1));
  startRelay();
  for (let n = 1; n <= 3; n++) await emitTo(30, n);
  await eventually(() => expect(received.size).toBeGreaterThan(0));
  paused.kill('SIGSTOP');
  for (let n = 4; n <= 6; n++) await emitTo(30, n);
  await eventually(async () => expect(await fence()).toBe(2));
  await eventually(async () => expect(await countUnsent(db)).toBe(0));
  paused.kill('SIGCONT');
  for (let n = 7; n <= 9; n++) await emitTo(30, n);
  await eventually(async () => expect(await countUnsent(db)).toBe(0));
  await eventually(() => expectWhole(received, 30, 9));
  expect(await fence()).toBe(2);
});

it('the other relay sends on when one is killed', async () => {
  const received = receive();
  const killed = startRelay();
  await eventually(async () => expect(await fence()).toBe(1));
  startRelay();
  await emitTo(5, 1);
  killed.kill('SIGKILL');
  await emitTo(5, 2);
  await eventually(() => expectWhole(received, 5, 2));
  await eventually(async () => expect(await countUnsent(db)).toBe(0));
});

/** One more event of each aggregate. */
async function emitTo(aggregates: number, n: number): Promise<void> {
  await db.transaction(async (tx) => {
    for (let a = 0; a < aggregates; a++) tx.emit(counted, { aggregateId: `a${a}` }, { n });
  });
}

/** Numbers by aggregate as a consumer that knows each event once sees them. */
function receive(): Map<string, unknown[]> {
  const received = new Map<string, unknown[]>();
  const known = new Set<string>();
  bus.consume({
    name: 'receiver',
    types: [counted.type],
    handle: async ({ id, aggregateId, data }) => {
      if (known.has(id)) return;
      known.add(id);
      received.set(aggregateId, [...(received.get(aggregateId) ?? []), counted.data.parse(data).n]);
    },
    park: async () => undefined,
  });
  return received;
}

function expectWhole(received: Map<string, unknown[]>, aggregates: number, events: number): void {
  expect(received.size).toBe(aggregates);
  const all = Array.from({ length: events }, (_, place) => place + 1);
  for (const numbers of received.values()) expect(numbers).toEqual(all);
}

async function fence(): Promise<number> {
  const [row] = await db.rows(z.object({ fence: z.coerce.number() }), `select fence from lease where name = 'relay'`);
  return row?.fence ?? 0;
}

function startRelay(): ChildProcess {
  const script = join(import.meta.dirname, 'relay-process.mjs');
  const relay = spawn(process.execPath, [script, place.url, storeUrl('nats'), prefix, String(LEASE_MS)], { stdio: 'inherit' });
  relays.push(relay);
  return relay;
}

async function end(relay: ChildProcess): Promise<void> {
  if (relay.exitCode !== null || relay.signalCode !== null) return;
  const ended = once(relay, 'exit');
  relay.kill('SIGCONT');
  relay.kill('SIGTERM');
  await ended;
}
