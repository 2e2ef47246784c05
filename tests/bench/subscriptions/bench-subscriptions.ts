import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { percentile } from '../percentile.js';
import { startProcess, type BenchProcess } from '../bench-process.js';

export interface SubscriptionsBench {
  /** Clients that each follow an order of their own, in which nothing happens. */
  idle: number;
  /** Clients that all follow the same order. */
  followers: number;
  events: number;
}

/** A gateway of many sockets lives long and allocates little: it had rather collect its garbage a little more often than keep room for it. */
const GATEWAY_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=400'];

const MAX_IDLE_BYTES = 400_000_000;
const MAX_LAST_MS = 100;
const SETTLE_MS = 5_000;
const EVENT_EVERY_MS = 50;
const WARM_UP_EVENTS = 20;

/**
 * The gateway, subgraphs and clients, each a process of its own, over real sockets and the shop's schema. Prints the memory of the gateway with
 * `idle` subscriptions, and how long the last of `followers` waits for an event that is completed over two subgraphs. False when either is
 * worse than what is promised: 400 MB for 10,000, and 100 ms for 99 of 100 events.
 */
export async function benchSubscriptions({ idle, followers, events }: SubscriptionsBench): Promise<boolean> {
  const memory = await measureIdle(idle);
  console.log(`${idle} idle subscriptions: ${megabytes(memory.full)} MB resident, ${megabytes(memory.empty)} MB without them`);
  console.log(`  ${((memory.full - memory.empty) / idle / 1000).toFixed(1)} kB for each`);
  const lastMs = await measureFanOut(followers, events);
  const [p50, p99] = [percentile(lastMs, 0.5), percentile(lastMs, 0.99)];
  console.log(
    `${followers} followers of one order, event to last client: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${events} events)`,
  );
  return memory.full < MAX_IDLE_BYTES && p99 < MAX_LAST_MS;
}

interface Stage extends AsyncDisposable {
  subgraphs: BenchProcess;
  gateway: BenchProcess;
  clients: BenchProcess;
  port: number;
}

async function startStage(): Promise<Stage> {
  await using starting = new AsyncDisposableStack();
  const subgraphs = starting.use(startProcess(new URL('subgraphs-main.js', import.meta.url)));
  const gateway = starting.use(startProcess(new URL('gateway-main.js', import.meta.url), GATEWAY_FLAGS));
  const clients = starting.use(startProcess(new URL('clients-main.js', import.meta.url)));
  const ports = await subgraphs.ask({}, z.object({ orders: z.number(), payments: z.number() }));
  const { port } = await gateway.ask(ports, z.object({ port: z.number() }));
  const running = starting.move();
  return { subgraphs, gateway, clients, port, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const memorySchema = z.object({ rssBytes: z.number(), clients: z.number() });

async function measureIdle(count: number): Promise<{ empty: number; full: number }> {
  await using stage = await startStage();
  const { rssBytes: empty } = await stage.gateway.ask({}, memorySchema);
  const ids = Array.from({ length: count }, (_, i) => `order-${i}`);
  await stage.clients.ask({ kind: 'open', port: stage.port, ids }, z.object({}));
  await delay(SETTLE_MS);
  const { rssBytes: full, clients } = await stage.gateway.ask({}, memorySchema);
  if (clients !== count) throw new Error(`${clients} of ${count} subscriptions are there.`);
  return { empty, full };
}

async function measureFanOut(count: number, events: number): Promise<number[]> {
  await using stage = await startStage();
  await stage.clients.ask({ kind: 'open', port: stage.port, ids: Array.from({ length: count }, () => 'one') }, z.object({}));
  const lastMs: number[] = [];
  for (let event = 0; event < WARM_UP_EVENTS + events; event++) {
    await stage.clients.ask({ kind: 'expect', id: 'one', revision: event + 2, count }, z.object({}));
    await stage.subgraphs.ask({ step: 'one' }, z.object({ revision: z.number() }));
    const last = await stage.clients.ask({ kind: 'last' }, z.object({ lastMs: z.number() }));
    if (event >= WARM_UP_EVENTS) lastMs.push(last.lastMs);
    await delay(EVENT_EVERY_MS);
  }
  return lastMs;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
