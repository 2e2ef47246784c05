import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type Gateway } from '@shop/gateway';
import type { RequestContext } from '@shop/platform/request-context';
import { directTransport } from '@shop/platform/subgraph-transport';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { openSocket, post, type RawSocket } from './gateway-kit.js';
import { startSmallSubgraph } from './small-subgraph.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const clock = `${link} type Query { time: Int zone: String slow: String } type Subscription { tick: Tick tock: Int } type Tick @key(fields: "n") { n: Int! }`;
const names = `${link} type Query { named: Tick } type Tick @key(fields: "n") { n: Int! name: String title: String }`;

/** The same subgraphs with another schema: what is not in it, clients cannot ask for. */
function composed(...subgraphs: readonly [string, string][]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(([name, sdl]) => ({ name, url: 'http://unused.internal', typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

const before = composed(['clock', clock], ['names', names]);
const withoutZone = composed(['clock', clock.replace(' zone: String', '')], ['names', names]);
const withoutTock = composed(['clock', clock.replace(' tock: Int', '')], ['names', names]);
const titleMoved = composed(
  ['clock', clock.replace('n: Int! }', 'n: Int! title: String }')],
  ['names', names.replace(' title: String', '')],
);

/** A thread that plans takes its time to start. */
const soon = { timeout: 60_000 };

const stack: AsyncDisposableStack[] = [];
afterEach(async () => {
  for (const each of stack.splice(0)) await each.disposeAsync();
});

async function served(supergraphFile?: string) {
  const disposables = new AsyncDisposableStack();
  stack.push(disposables);
  const ticks = new EventTarget();
  const opened = { tick: 0, tock: 0 };
  const slow = Promise.withResolvers<string>();
  let n = 0;
  const stream = (field: 'tick' | 'tock', event: () => unknown) => ({
    subscribe: (_: unknown, __: unknown, { signal }: RequestContext) => {
      opened[field]++;
      return eventsOf(ticks, signal, () => ({ [field]: event() }));
    },
  });
  const servers = [
    disposables.use(
      await startSmallSubgraph('clock', clock.replace('n: Int! }', 'n: Int! title: String }'), {
        Query: { time: () => 12, zone: () => 'UTC', slow: () => slow.promise },
        Subscription: { tick: stream('tick', () => ({ n: ++n })), tock: stream('tock', () => ++n) },
        Tick: { __resolveReference: (tick: object) => tick, title: () => 'by the clock' },
      }),
    ),
    disposables.use(
      await startSmallSubgraph('names', names, {
        Tick: { __resolveReference: (tick: object) => tick, name: ({ n: of }: { n: number }) => `tick ${of}`, title: () => 'by name' },
      }),
    ),
  ];
  const gateway: Gateway = disposables.use(
    await startGateway(
      testGatewayConfig({
        supergraphSdl: before,
        ...(supergraphFile && { supergraphFile }),
      }),
      { transports: new Map(servers.map((server) => [server.name, directTransport(server, TEST_SECRET)])), logger: quietLogger },
    ),
  );
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
  return {
    gateway,
    url,
    opened,
    answerSlow: slow.resolve,
    tick: () => ticks.dispatchEvent(new Event('tick')),
    ask: (query: string) => post(url, { query }),
    follow: async (query: string): Promise<RawSocket> => {
      const socket = await openSocket(url);
      disposables.defer(() => socket[Symbol.dispose]());
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      return socket;
    },
  };
}

async function* eventsOf(ticks: EventTarget, signal: AbortSignal, event: () => unknown) {
  let waiting = 0;
  let wake = Promise.withResolvers<void>();
  const tick = () => {
    waiting++;
    wake.resolve();
  };
  ticks.addEventListener('tick', tick);
  signal.addEventListener('abort', () => wake.resolve(), { once: true });
  try {
    while (!signal.aborted) {
      for (; waiting > 0; waiting--) yield event();
      await wake.promise;
      wake = Promise.withResolvers();
      if (signal.aborted) return;
    }
  } finally {
    ticks.removeEventListener('tick', tick);
  }
}

describe('another supergraph', () => {
  it('is served from one request to the next', async () => {
    const { gateway, ask } = await served();
    expect(await ask('{ time zone }')).toMatchObject({ data: { time: 12, zone: 'UTC' } });
    expect(await gateway.reload(withoutZone)).toMatchObject({ kind: 'taken' });
    expect(await ask('{ time zone }')).toMatchObject({ status: 400, errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    expect(await ask('{ time }')).toMatchObject({ data: { time: 12 } });
    expect(gateway.reloadCounts()).toEqual({ taken: 1, refused: 0 });
  });

  it('is warmed with what was asked for before', async () => {
    const { gateway, ask } = await served();
    for (const query of ['{ time }', '{ time zone }', '{ named { name } }']) await ask(query);
    expect(await gateway.reload(withoutZone)).toEqual({ kind: 'taken', warmed: 2 });
    expect(await gateway.reload(withoutZone)).toEqual({ kind: 'unchanged' });
  });

  it('costs no request its answer, however often it comes', async () => {
    const { gateway, ask } = await served();
    let isOver = false;
    const asking = Array.from({ length: 4 }, async (_, client) => {
      const answers: unknown[] = [];
      for (let n = 0; !isOver; n++) answers.push(await ask(`{ a${client}_${n % 7}: time named { name } }`));
      return answers;
    });
    for (const sdl of [withoutZone, withoutTock, titleMoved]) expect((await gateway.reload(sdl)).kind).toBe('taken');
    isOver = true;
    const answers = (await Promise.all(asking)).flat();
    expect(answers.length).toBeGreaterThan(5);
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, data: { named: null } });
    for (const answer of answers) expect(answer).not.toHaveProperty('errors');
  });

  it('leaves requests under way to the old one', async () => {
    const { gateway, ask, answerSlow } = await served();
    const underWay = ask('{ zone slow }');
    await expect.poll(() => gateway.fetchCounts().fetches, soon).toBe(1);
    await gateway.reload(withoutZone);
    answerSlow('at last');
    expect(await underWay).toMatchObject({ status: 200, data: { zone: 'UTC', slow: 'at last' } });
  });

  it.each([
    ['that is no GraphQL', 'type Query {', /Syntax Error/],
    ['that is empty', '', /Syntax Error/],
    ['that is no supergraph', 'type Query { a: Int }', /./],
    [
      'with a feature that nobody knows',
      before.replace('{\n', '  @link(url: "https://specs.apollo.dev/unheard/v1.0", for: EXECUTION)\n{\n'),
      /unheard/,
    ],
    ['with a subgraph that nobody can reach', composed(['clock', clock], ['names', names], ['news', 'type Query { news: Int }']), /news/],
    ['cut off in the middle', before.slice(0, before.length / 2), /./],
  ])('%s is refused with its fault, and the old one stays', async (_, sdl, fault) => {
    const { gateway, ask } = await served();
    const refused = await gateway.reload(sdl);
    expect(refused).toMatchObject({ kind: 'refused', reason: expect.stringMatching(fault) as unknown });
    expect(gateway.reloadCounts()).toEqual({ taken: 0, refused: 1 });
    expect(await ask('{ time zone }')).toMatchObject({ data: { time: 12, zone: 'UTC' } });
  });

  it('is taken from the file that it came from, and a broken one is not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
    const file = join(folder, 'supergraph.graphql');
    try {
      await writeFile(file, before);
      const { gateway, ask } = await served(file);
      await writeFile(file, 'type Query {');
      await expect.poll(() => gateway.reloadCounts().refused, soon).toBeGreaterThan(0);
      expect(await ask('{ zone }')).toMatchObject({ data: { zone: 'UTC' } });
      await writeFile(`${file}.next`, withoutZone);
      await rename(`${file}.next`, file);
      await expect.poll(() => gateway.reloadCounts().taken, soon).toBe(1);
      expect((await ask('{ zone }')).status).toBe(400);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a subscription over a change of the schema', () => {
  it('goes on by the new plan, and the client notices nothing', async () => {
    const { gateway, follow, tick, opened } = await served();
    const socket = await follow('subscription { tick { n name title } }');
    await expect.poll(() => opened.tick, soon).toBe(1);
    tick();
    expect(await socket.next()).toMatchObject({ payload: { data: { tick: { n: 1, name: 'tick 1', title: 'by name' } } } });
    await gateway.reload(titleMoved);
    // Another text for the clock is another stream.
    await expect.poll(() => opened.tick, soon).toBe(2);
    tick();
    expect(await socket.next()).toMatchObject({
      payload: { data: { tick: { name: expect.any(String) as unknown, title: 'by the clock' } } },
    });
  });

  it('goes on where nothing of it changes, without a new stream', async () => {
    const { gateway, follow, tick, opened } = await served();
    const socket = await follow('subscription { tick { n name } }');
    await expect.poll(() => opened.tick, soon).toBe(1);
    await gateway.reload(withoutTock);
    await gateway.reload(withoutZone);
    tick();
    expect(await socket.next()).toMatchObject({ payload: { data: { tick: { n: 1, name: 'tick 1' } } } });
    expect(opened.tick).toBe(1);
  });

  it('ends with SUBSCRIPTION_SCHEMA_RELOAD when the new schema does not know it', async () => {
    const { gateway, follow, opened } = await served();
    const socket = await follow('subscription { tock }');
    await expect.poll(() => opened.tock, soon).toBe(1);
    await gateway.reload(withoutTock);
    expect(JSON.stringify(await socket.next())).toContain('SUBSCRIPTION_SCHEMA_RELOAD');
  });

  it('begins on the new schema after it', async () => {
    const { gateway, follow, tick, opened } = await served();
    await gateway.reload(withoutTock);
    const refused = await follow('subscription { tock }');
    expect(await refused.next()).toMatchObject({ type: 'error' });
    const socket = await follow('subscription { tick { n } }');
    await expect.poll(() => opened.tick, soon).toBe(1);
    tick();
    expect(await socket.next()).toMatchObject({ payload: { data: { tick: { n: 1 } } } });
  });
});
