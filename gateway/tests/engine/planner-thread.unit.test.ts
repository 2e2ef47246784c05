import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGraphEngine } from '../../src/engine/graph-engine.js';
import { openPlannerThread, type PlannerThreadOptions } from '../../src/engine/planner-thread.js';
import type { PlanQuestion } from '../../src/engine/planner.js';
import { composedSdl, served } from './served.js';

/** Interface objects that lead to each other: the planner takes minutes for a few levels of them. */
const maze = () => {
  const types = rooms.map((name) => `type ${name} implements Node @key(fields: "id") { id: ID! }`).join('\n');
  const doors = (name: string) =>
    `type Node @key(fields: "id") @interfaceObject { id: ID! ${rooms.map((to) => `${to}${name}: Node`).join(' ')} }`;
  return composedSdl({
    root: { sdl: `type Query { node: Node } interface Node @key(fields: "id") { id: ID! } ${types}` },
    ...Object.fromEntries(rooms.map((name) => [name.toLowerCase(), { sdl: doors(name) }])),
  });
};
const rooms = ['A', 'B', 'C', 'D'];

const question = (text: string): PlanQuestion => ({ text, operationName: undefined, overrides: new Map() });
const nested = (depth: number): string => (depth === 0 ? 'id' : rooms.map((name) => `${name}${name} { ${nested(depth - 1)} }`).join(' '));
const monster = question(`{ node { ${nested(4)} } }`);
const simple = question('{ node { id } }');

const thread = (options: Partial<PlannerThreadOptions> = {}) =>
  openPlannerThread({ supergraphSdl: maze(), isRewritten: false }, { deadlineMs: 200, maxWaiting: 10, ...options });

describe('planning on a thread of its own', () => {
  it('refuses what takes too long, and plans the next one', async () => {
    await using planner = thread();
    const late = planner.plan(monster);
    const next = planner.plan(simple);
    await expect(late).rejects.toMatchObject({ extensions: { code: 'OPERATION_TOO_COMPLEX' } });
    expect(await next).toMatchObject({ kind: 'Fetch', serviceName: 'root' });
  });

  it('leaves this thread to others meanwhile', async () => {
    await using planner = thread();
    const late = planner.plan(monster).catch(() => 'late');
    let isLate = false;
    void late.then(() => (isLate = true));
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(isLate).toBe(false);
    expect(await late).toBe('late');
  });

  it('refuses more when many wait, without saying anything of the operation', async () => {
    await using planner = thread({ maxWaiting: 2 });
    const asked = [monster, simple, simple, simple].map((each) =>
      planner.plan(each).then(
        () => 'planned',
        (error: { extensions: { code: string } }) => error.extensions.code,
      ),
    );
    expect(await Promise.all(asked)).toEqual(['OPERATION_TOO_COMPLEX', 'planned', 'planned', 'PLANNER_BUSY']);
  });

  it('gives whoever asks for little a turn before a flood, and refuses the flood', async () => {
    await using planner = thread({ maxWaiting: 20 });
    const order: string[] = [];
    const ask = (asker: string) =>
      planner.plan(simple, asker).then(
        () => void order.push(asker),
        ({ extensions: { code } }: { extensions: { code: string } }) => code,
      );
    const flood = Array.from({ length: 100 }, () => ask('flood'));
    const innocent = Array.from({ length: 3 }, (_, i) => ask(`innocent ${i}`));
    expect(await Promise.all(innocent)).toEqual([undefined, undefined, undefined]);
    const refused = (await Promise.all(flood)).filter((code) => code === 'PLANNER_BUSY');
    expect(refused).toHaveLength(100 - 1 - 20 + 3);
    expect(order.slice(0, 4)).toEqual(['flood', 'innocent 0', 'innocent 1', 'innocent 2']);
  });

  it('tells what the planner says', async () => {
    await using planner = thread();
    await expect(planner.plan(question('{ nothing }'))).rejects.toThrow('nothing');
  });

  it('tells why a supergraph cannot be planned at all', async () => {
    await using planner = openPlannerThread(
      { supergraphSdl: 'type Query { a: Int }', isRewritten: false },
      { deadlineMs: 200, maxWaiting: 10 },
    );
    await expect(planner.plan(simple)).rejects.toThrow('must be a core schema');
  });

  it('ends, and whoever waits is told', async () => {
    const planner = thread({ deadlineMs: 60_000 });
    const waiting = [monster, simple].map((each) =>
      planner.plan(each).catch(({ extensions }: { extensions: { code: string } }) => extensions.code),
    );
    await planner[Symbol.asyncDispose]();
    expect(await Promise.all(waiting)).toEqual(['PLANNER_BUSY', 'PLANNER_BUSY']);
    await expect(planner.plan(simple)).rejects.toMatchObject({ extensions: { code: 'PLANNER_BUSY' } });
  });
});

describe('an engine that plans on a thread', () => {
  const shelf = () =>
    served(
      { a: { sdl: 'type Query { one: Int two: Int }', resolvers: { Query: { one: () => 1, two: () => 2 } } } },
      { planning: { deadlineMs: 10_000, maxWaiting: 10 } },
    );

  it('answers the same', async () => {
    await using subgraphs = shelf();
    expect(await Promise.all([subgraphs.ask('{ one }'), subgraphs.ask('{ two }'), subgraphs.ask('{ one two }')])).toEqual([
      { data: { one: 1 } },
      { data: { two: 2 } },
      { data: { one: 1, two: 2 } },
    ]);
  });

  it('does not let a request wait beyond its time', async () => {
    const planning = { deadlineMs: 60_000, maxWaiting: 1 };
    await using engine = createGraphEngine<null>({ supergraphSdl: maze(), fetchers: new Map(), planning });
    const leaving = new AbortController();
    const answer = engine.execute({ document: parse(monster.text), operationName: undefined, variables: {} }, null, leaving.signal);
    leaving.abort();
    expect(await answer).toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT' } }] });
  });

  it('remembers what it has refused', async () => {
    await using engine = createGraphEngine<null>({
      supergraphSdl: maze(),
      fetchers: new Map(),
      planning: { deadlineMs: 200, maxWaiting: 1 },
    });
    const operation = { document: parse(monster.text), operationName: undefined, variables: {} };
    const refused = { errors: [{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }] };
    expect(await engine.execute(operation, null, new AbortController().signal)).toMatchObject(refused);
    expect(await engine.execute(operation, null, new AbortController().signal)).toMatchObject(refused);
    expect(engine.planCounts()).toMatchObject({ hits: 1, misses: 1 });
  });
});
