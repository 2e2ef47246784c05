import { parse, type ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGraphEngine } from '../../src/engine/graph-engine.js';
import type { JsonObject } from '../../src/engine/json.js';
import type { SubgraphAnswer, SubgraphRequest } from '../../src/engine/subgraph-fetcher.js';
import { composed } from './supergraphs.js';
import { liveResults } from './live-results.js';

const { supergraphSdl } = composed('orders', {
  orders: `
    type Query { orders: [Order!] last: Order text: String open(door: Door): String }
    input Door { key: String! paint: Paint colour: String }
    enum Paint { GREEN }
    type Subscription { ordered: Order! }
    type Order { id: ID! lines: [Line!]! groups: [[Line]] }
    type Line { n: Int item: Item }
    type Item @key(fields: "sku") { sku: ID! }`,
  items: `
    type Query { bestItem: Item other: String must: String! }
    type Item @key(fields: "sku") { sku: ID! title: String! size: Int tags: [Tag!] }
    type Tag { name: String }`,
});

type Answers = Record<'orders' | 'items', (request: SubgraphRequest) => SubgraphAnswer | Promise<SubgraphAnswer>>;

/** The engine before subgraphs that answer as they are told; `asked` is what they were asked. */
function engineBefore(answers: Partial<Answers>, events: readonly SubgraphAnswer[] = []) {
  const asked: (SubgraphRequest & { subgraph: string })[] = [];
  const fetcher = (subgraph: 'orders' | 'items') => ({
    execute: async (request: SubgraphRequest) => {
      asked.push({ ...request, subgraph });
      return structuredClone((await answers[subgraph]?.(request)) ?? { data: null });
    },
    subscribe: async () =>
      (async function* () {
        yield* events;
      })(),
  });
  const engine = createGraphEngine<null>({
    supergraphSdl,
    fetchers: new Map([
      ['orders', fetcher('orders')],
      ['items', fetcher('items')],
    ]),
  });
  const operation = (text: string, variables: JsonObject) => ({ document: parse(text), operationName: undefined, variables });
  return {
    asked,
    run: (text: string, variables: JsonObject = {}): Promise<ExecutionResult> => engine.execute(operation(text, variables), null, never),
    follow: (text: string) => liveResults(engine, operation(text, {}), null),
  };
}

const never = new AbortController().signal;
const item = (sku: string) => ({ __typename: 'Item', sku });
const line = (sku: string) => ({ item: item(sku) });
const representations = ({ variables }: SubgraphRequest) => variables['representations'] as { sku: string }[];
const titles = (request: SubgraphRequest): SubgraphAnswer => ({
  data: { _entities: representations(request).map(({ sku }) => ({ title: `Item ${sku}`, tags: [{ name: sku }] })) },
});
const TITLES = '{ orders { lines { item { title } } } }';

describe('entities', () => {
  it('are asked for once each, in one fetch, and answered everywhere', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => line(`s${i % 60}`));
    const { run, asked } = engineBefore({
      orders: () => ({ data: { orders: [{ lines: lines.slice(0, 90) }, { lines: lines.slice(90) }] } }),
      items: titles,
    });
    const { data, errors } = await run(TITLES);
    expect(asked.map((request) => request.subgraph)).toEqual(['orders', 'items']);
    expect(asked[1] && representations(asked[1])).toHaveLength(60);
    const answered = (data as { orders: { lines: { item: { title: string } }[] }[] }).orders.flatMap((order) => order.lines);
    expect(answered.map(({ item: { title } }) => title)).toEqual(lines.map((each) => `Item ${each.item.sku}`));
    expect(errors).toBeUndefined();
  });

  it('are not asked for when there are none, or their keys are not known', async () => {
    const { run, asked } = engineBefore({
      orders: () => ({ data: { orders: [{ lines: [{ item: null }, { item: { __typename: 'Item' } }] }] } }),
    });
    const { data, errors } = await run(TITLES);
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['orders']);
    expect(data).toEqual({ orders: [{ lines: [{ item: null }, { item: null }] }] });
    expect(errors?.map(({ path }) => path?.join('.'))).toEqual(['orders.0.lines.1.item.title']);
  });

  it('have their errors at every place, through nested lists', async () => {
    const { run } = engineBefore({
      orders: () => ({
        data: {
          last: {
            groups: [
              [line('a'), null],
              [line('b'), line('a')],
            ],
          },
        },
      }),
      items: (request) => ({
        data: { _entities: representations(request).map(({ sku }) => (sku === 'a' ? null : { title: 'B', size: 1 })) },
        errors: [{ message: 'gone', path: ['_entities', 0, 'title'], extensions: { code: 'NOT_FOUND' } }],
      }),
    });
    const { data, errors } = await run('{ last { groups { item { title size } } } }');
    expect(data).toEqual({
      last: {
        groups: [
          [{ item: null }, null],
          [{ item: { title: 'B', size: 1 } }, { item: null }],
        ],
      },
    });
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions['code']])).toEqual([
      ['last.groups.0.0.item.title', 'NOT_FOUND'],
      ['last.groups.1.1.item.title', 'NOT_FOUND'],
    ]);
  });

  it('cost one error at their place when their subgraph does not answer', async () => {
    const { run } = engineBefore({
      orders: () => ({ data: { orders: [{ lines: [line('a'), line('b')] }] } }),
      items: () => Promise.reject(new Error('down')),
    });
    const { data, errors } = await run(TITLES);
    expect(data).toEqual({ orders: [{ lines: [{ item: null }, { item: null }] }] });
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([['down', ['orders', 0, 'lines']]]);
  });

  it('that are equal do not become one object', async () => {
    const { run } = engineBefore({ orders: () => ({ data: { orders: [{ lines: [line('a'), line('a')] }] } }), items: titles });
    const { data } = await run('{ orders { lines { item { tags { name } } } } }');
    const [first, second] = (data as { orders: { lines: { item: { tags: object[] } }[] }[] }).orders[0]?.lines ?? [];
    expect(first?.item.tags).toEqual([{ name: 'a' }]);
    expect(first?.item.tags[0]).not.toBe(second?.item.tags[0]);
  });
});

describe('a root fetch', () => {
  it('that fails costs its fields only, with one error', async () => {
    const { run } = engineBefore({ orders: () => ({ data: { text: 'here' } }), items: () => Promise.reject(new Error('down')) });
    expect(await run('{ text other }')).toMatchObject({
      data: { text: 'here', other: null },
      errors: [{ message: 'down', path: ['other'] }],
    });
    expect(await run('{ text must other }')).toMatchObject({ data: null, errors: [{ message: 'down' }] });
  });

  it('is not made under a condition that is not met', async () => {
    const { run, asked } = engineBefore({ orders: () => ({ data: { text: 'here' } }), items: () => ({ data: { other: 'there' } }) });
    const text = 'query Q($with: Boolean! = false) { text other @include(if: $with) }';
    expect((await run(text)).data).toEqual({ text: 'here' });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['orders']);
    expect((await run(text, { with: true })).data).toEqual({ text: 'here', other: 'there' });
  });

  it('may answer under any response name', async () => {
    const { run } = engineBefore({ orders: () => ({ data: JSON.parse('{"__proto__":{"lines":[]},"constructor":"x"}') as JsonObject }) });
    const { data } = await run('{ __proto__: last { lines { n } } constructor: text }');
    expect(JSON.stringify(data)).toBe('{"__proto__":{"lines":[]},"constructor":"x"}');
    expect(({} as JsonObject)['lines']).toBeUndefined();
  });
});

describe('an operation', () => {
  it('with variables that do not fit asks nobody', async () => {
    const { run, asked } = engineBefore({});
    expect(await run('query Q($with: Boolean!) { text @include(if: $with) }')).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(asked).toEqual([]);
  });

  it.each([
    [
      { key: 's3cret', paint: 'GREN' },
      'Variable "$door" got invalid value "GREN" at "door.paint"; Value "GREN" does not exist in "Paint" enum.',
    ],
    [{ key: 's3cret', color: 'x' }, 'Variable "$door" got an invalid value; Field "color" is not defined by type "Door".'],
    [
      { key: '"; at "', paint: {} },
      'Variable "$door" got an invalid value at "door.paint"; Enum "Paint" cannot represent non-string value: {}.',
    ],
    [['s3cret'], 'Variable "$door" got an invalid value; Expected type "Door" to be an object.'],
  ])('is told where a variable is wrong, and neither what it might have meant nor all that it sent', async (door, message) => {
    const { run } = engineBefore({});
    expect(await run('query Q($door: Door) { open(door: $door) }', { door })).toMatchObject({ errors: [{ message }] });
  });

  it('about the schema is answered here, beside other fields', async () => {
    const { run } = engineBefore({ orders: () => ({ data: { text: 'here' } }) });
    const text = 'query Q($name: String!) { it: __type(name: $name) { ...t } text __typename } fragment t on __Type { name kind }';
    expect((await run(text, { name: 'Tag' })).data).toEqual({ it: { name: 'Tag', kind: 'OBJECT' }, text: 'here', __typename: 'Query' });
  });
});

describe('a subscription', () => {
  it('completes every event over the other subgraph, errors at their places', async () => {
    const events = [
      { data: { ordered: { id: '1', lines: [line('a')] } } },
      { data: null, errors: [{ message: 'lost', path: ['ordered'] }] },
      { data: { ordered: { id: '3', lines: [line('c'), line('c')] } } },
    ];
    const { follow } = engineBefore({ items: titles }, events);
    const results = await follow('subscription { ordered { id lines { item { title } } } }');
    expect(results.map(({ data }) => data)).toEqual([
      { ordered: { id: '1', lines: [{ item: { title: 'Item a' } }] } },
      null,
      { ordered: { id: '3', lines: [{ item: { title: 'Item c' } }, { item: { title: 'Item c' } }] } },
    ]);
    expect(results[1]?.errors?.map(({ message, path }) => [message, path])).toEqual([['lost', ['ordered']]]);
    expect(events[0]).toEqual({ data: { ordered: { id: '1', lines: [line('a')] } } });
  });
});

describe('an interface object', () => {
  it('does not take away the type that is known', async () => {
    const library = composed('library', {
      media: `type Query { all: [Media!] } interface Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }`,
      loans: 'type Media @key(fields: "id") @interfaceObject { id: ID! waiting: Int }',
    });
    const answers: Record<string, SubgraphAnswer> = {
      media: { data: { all: [{ __typename: 'Book', id: '1', pages: 7 }] } },
      loans: { data: { _entities: [{ __typename: 'Media', waiting: 3 }] } },
    };
    const fetchers = new Map(
      Object.entries(answers).map(([name, answer]) => [
        name,
        { execute: async () => structuredClone(answer), subscribe: async () => ({ data: null }) },
      ]),
    );
    const engine = createGraphEngine<null>({ supergraphSdl: library.supergraphSdl, fetchers });
    const document = parse('{ all { __typename waiting ... on Book { pages } } }');
    expect(await engine.execute({ document, operationName: undefined, variables: {} }, null, never)).toEqual({
      data: { all: [{ __typename: 'Book', waiting: 3, pages: 7 }] },
    });
  });
});
