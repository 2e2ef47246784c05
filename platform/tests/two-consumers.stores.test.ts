import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '@shop/platform/database';
import { natsBus, type NatsBus } from '@shop/platform/nats-bus';
import { openTestDatabase, type OpenTestDatabase } from '@shop/tests/kit/database';
import { storeUrl } from '@shop/tests/kit/stores';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { eventOf, eventually } from './event-bus.contract.js';

const AGGREGATES = 20;

let place: OpenTestDatabase;
let db: Database;
let prefix: string;
let bus: NatsBus;
let processes: ChildProcess[];

beforeEach(async () => {
  place = await openTestDatabase();
  db = place.db;
  await db.run('create table heard (place bigint generated always as identity, process text, aggregate_id text, n int)');
  prefix = `t-${randomUUID()}`;
  bus = natsBus({ url: storeUrl('nats'), name: 'tests', logger: quietLogger, prefix, maxBytes: 2 ** 24 });
  await bus.connected(AbortSignal.timeout(20_000));
  processes = [];
});
afterEach(async () => {
  await Promise.all(processes.map(end));
  await bus[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

it.each(['SIGSTOP', 'SIGKILL'] as const)(
  'a process that gets %s while it handles events: another one goes on, each event once and in order',
  async (fate) => {
    const first = start('first');
    await send(1, 5);
    await eventually(async () => expect((await heard()).length).toBe(5 * AGGREGATES));
    start('second');
    const sending = send(6, 15);
    await eventually(async () => expect((await heard()).length).toBeGreaterThan(6 * AGGREGATES));
    first.kill(fate);
    await sending;
    await eventually(async () => expect((await heard()).some(({ process }) => process === 'second')).toBe(true));
    first.kill('SIGCONT');
    await send(16, 20);
    await eventually(async () => expect((await heard()).length).toBe(20 * AGGREGATES));
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const [, own] of Map.groupBy(await heard(), ({ aggregate_id }) => aggregate_id)) expect(own.map(({ n }) => n)).toEqual(numbers);
  },
);

async function send(from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) await Promise.all(Array.from({ length: AGGREGATES }, (_, a) => bus.publish(eventOf(`a${a}`, n))));
}

function heard() {
  const row = z.object({ process: z.string(), aggregate_id: z.string(), n: z.number() });
  return db.rows(row, 'select process, aggregate_id, n from heard order by place');
}

function start(name: string): ChildProcess {
  const script = join(import.meta.dirname, 'consumer-process.mjs');
  const started = spawn(process.execPath, [script, place.url, storeUrl('nats'), prefix, name], { stdio: 'inherit' });
  processes.push(started);
  return started;
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = once(process, 'exit');
  process.kill('SIGCONT');
  process.kill('SIGTERM');
  await ended;
}
