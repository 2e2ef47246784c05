import { gzipSync } from 'node:zlib';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitsOf } from '@shop/gateway';
import { openSocket, post, rawSocket, startTestGateway, type TestGateway } from './gateway-kit.js';

let served: TestGateway;
let url: string;
beforeAll(async () => {
  served = await startTestGateway();
  url = served.url;
});
afterAll(() => served[Symbol.asyncDispose]());

const times = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join(' ');

/** The same request through both doors, and that an innocent one is answered beside it. */
async function attack(query: string, variables: object = {}) {
  using socket = await openSocket(url);
  const [overHttp, overSocket, innocent] = await Promise.all([
    post(url, { query, variables }),
    (async () => {
      socket.send({ type: 'subscribe', id: '1', payload: { query, variables } });
      const { type, payload } = await socket.next();
      return { type, text: JSON.stringify(payload), errors: payload as { extensions: { code: string } }[] };
    })(),
    post(url, { query: '{ carriers }' }),
  ]);
  expect(innocent.data).toEqual({ carriers: ['Post'] });
  return { overHttp, overSocket };
}

async function expectRefusal(code: string, query: string, variables: object = {}) {
  const { overHttp, overSocket } = await attack(query, variables);
  expect(overHttp.status).toBe(400);
  expect(overHttp.data).toBeUndefined();
  expect(overHttp.errors?.[0]?.extensions['code']).toBe(code);
  expect(overSocket.type).toBe('error');
  expect(overSocket.errors[0]?.extensions.code).toBe(code);
  for (const { text } of [overHttp, overSocket]) expect(text.length).toBeLessThan(4_000);
}

describe('a bomb', () => {
  it('of aliases in nested fragments', async () => {
    const layers = times(8, (i) => `fragment f${i} on Parcel { ${times(3, (j) => `a${j}: siblings { ...f${i + 1} }`)} }`);
    await expectRefusal('MAX_ALIASES_LIMIT', `{ parcel(id: 1) { ...f0 } } ${layers} fragment f8 on Parcel { name }`);
  });

  it('of fragments that multiply without an alias', async () => {
    const layers = times(30, (i) => `fragment f${i} on Query { ...f${i + 1} ... on Query { ...f${i + 1} } }`);
    await expectRefusal('MAX_ROOT_FIELDS_LIMIT', `{ ...f0 } ${layers} fragment f30 on Query { carriers }`);
  });

  it('of lists in lists', async () => {
    await expectRefusal('COST_ESTIMATED_TOO_EXPENSIVE', '{ parcels { siblings { siblings { siblings { name } } } } }');
    await expectRefusal('COST_ESTIMATED_TOO_EXPENSIVE', 'query Q($n: Int) { parcels(first: $n) { siblings { siblings { name } } } }', {
      n: 100,
    });
    await expectRefusal('COST_ESTIMATED_TOO_EXPENSIVE', '{ parcels { siblings @skip(if: true) { siblings { siblings { name } } } } }');
  });

  it('of a subscription whose every event is dear', async () => {
    const event = 'parcel { siblings { siblings { siblings { siblings { name } } } } }';
    await expectRefusal('COST_ESTIMATED_TOO_EXPENSIVE', `subscription { parcelMoved(id: 1, upTo: 1) { ${event} } }`);
  });

  it('of an endless list', async () => {
    await expectRefusal('COST_ESTIMATED_TOO_EXPENSIVE', '{ parcels(first: 2147483647) { name } }');
  });

  it('of an answer that is longer than 2 MB', async () => {
    const { overHttp, overSocket } = await attack('{ long(bytes: 2000001) }');
    expect(overHttp).toMatchObject({ data: null, errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }] });
    expect(overSocket).toMatchObject({ type: 'next' });
    for (const { text } of [overHttp, overSocket]) expect(text.length).toBeLessThan(1_000);
  });

  it('of an answer of a subgraph that is longer than is read of it', async () => {
    await using overHttp = await startTestGateway({}, 'over HTTP');
    const { data, errors } = await post(overHttp.url, { query: '{ carriers parcel(id: 1) { name } }' });
    expect({ data, errors }).toEqual({ data: { carriers: ['Post'], parcel: { name: 'Parcel 1' } }, errors: undefined });
    const refused = await post(overHttp.url, { query: '{ long(bytes: 20000000) }' });
    expect(refused).toMatchObject({ data: null, errors: [{ extensions: { code: 'SUBGRAPH_ANSWER_TOO_LARGE' } }] });
    expect(await post(overHttp.url, { query: '{ carriers }' })).toMatchObject({ status: 200, data: { carriers: ['Post'] } });
  });
});

describe('an overload', () => {
  it('of 100 logins by aliases', async () => {
    await expectRefusal('MAX_ALIASES_LIMIT', `mutation { ${times(100, (i) => `a${i}: signIn(email: "a", password: "${i}")`)} }`);
  });

  it('of two logins, which no limit of aliases meets', async () => {
    await expectRefusal(
      'MAX_CREDENTIAL_MUTATIONS_LIMIT',
      'mutation { signIn(email: "a", password: "1") ...f } fragment f on Mutation { b: signIn(email: "a", password: "2") }',
    );
    expect((await post(url, { query: 'mutation { signIn(email: "a", password: "1") }' })).data).toEqual({ signIn: 'token' });
  });

  it('of 3,000 directives', async () => {
    await expectRefusal('MAX_TOKENS_LIMIT', `{ carriers ${'@a '.repeat(3_000)} }`);
    await expectRefusal('MAX_DIRECTIVES_LIMIT', `{ carriers ${'@a '.repeat(900)} }`);
  });

  it('of 20,000 times the same field', async () => {
    await expectRefusal('MAX_TOKENS_LIMIT', `{ ${'carriers '.repeat(20_000 / 4)} }`);
    const { status } = await post(url, { query: `{ ${'x '.repeat(20_000)} }` });
    expect(status).toBe(400);
    await expectRefusal('MAX_REPEATS_LIMIT', `{ parcel(id: 1) { ${'name '.repeat(1_900)} } }`);
  });

  it('of unknown fields, in at most ten errors', async () => {
    const { overHttp } = await attack(`{ parcel(id: 1) { ${times(900, (i) => `x${i}`)} } }`);
    expect(overHttp.status).toBe(400);
    expect(overHttp.errors?.length).toBeLessThanOrEqual(10);
  });

  it('of 101 values in a list, written out or sent', async () => {
    const ids = Array.from({ length: 101 }, (_, i) => `${i}`);
    await expectRefusal('MAX_LIST_VALUES_LIMIT', `{ byIds(ids: ${JSON.stringify(ids)}) { name } }`);
    await expectRefusal('MAX_LIST_VALUES_LIMIT', 'query Q($ids: [ID!]!) { byIds(ids: $ids) { name } }', { ids });
  });

  it('of entities in one fetch, which costs that fetch, and is let through where it is only measured', async () => {
    const query = '{ parcels(first: 4) { name carrier } }';
    await using strict = await startTestGateway({ limits: limitsOf('enforce', { representations: 3 }) });
    expect(await post(strict.url, { query })).toMatchObject({
      status: 200,
      data: {
        parcels: times(4, (i) => String(i))
          .split(' ')
          .map((i) => ({ name: `Parcel ${i}`, carrier: null })),
      },
      errors: [{ path: ['parcels'], extensions: { code: 'MAX_REPRESENTATIONS_LIMIT' } }],
    });
    expect(strict.gateway.limitCounts()).toEqual([{ limit: 'representations', mode: 'enforce', count: 1 }]);
    await using measured = await startTestGateway({ limits: limitsOf('measure', { representations: 3 }) });
    expect((await post(measured.url, { query })).errors).toBeUndefined();
    expect(measured.gateway.limitCounts()).toEqual([{ limit: 'representations', mode: 'measure', count: 1 }]);
  });

  it('of requests in one array', async () => {
    expect(
      (
        await post(
          url,
          times(100, () => '{ "query": "{ carriers }" }')
            .replaceAll('} {', '}, {')
            .replace(/^(.*)$/, '[$1]'),
        )
      ).status,
    ).toBe(400);
  });

  it('of levels', async () => {
    await expectRefusal('MAX_DEPTH_LIMIT', `{ parcel(id: 1) ${'{ siblings '.repeat(13)}{ name }${' }'.repeat(13)} }`);
  });

  it('of a fragment that holds itself', async () => {
    const round = 'fragment f on Parcel { siblings { ...g } } fragment g on Parcel { siblings { ...f } }';
    await expectRefusal('GRAPHQL_VALIDATION_FAILED', `{ parcel(id: 1) { ...f } } ${round}`);
  });

  it('of bytes', async () => {
    const { status, errors } = await post(url, { query: `{ carriers } #${'x'.repeat(5_000_000)}` });
    expect({ status, code: errors?.[0]?.extensions['code'] }).toEqual({ status: 413, code: 'REQUEST_TOO_LARGE' });
  });
});

describe('a question for what is nobody’s business', () => {
  it.each([
    ['the schema', getIntrospectionQuery()],
    ['a type', '{ __type(name: "Parcel") { fields { name } } }'],
    ['the schema, in a fragment', '{ ...f } fragment f on Query { __schema { types { name } } }'],
  ])('is refused on both doors: %s', async (_, query) => {
    const { overHttp, overSocket } = await attack(query);
    expect(overHttp).toMatchObject({ status: 400 });
    expect(overHttp.data).toBeUndefined();
    expect(overSocket.type).toBe('error');
  });

  it('names nothing that was not named', async () => {
    for (const query of [
      '{ carrier }',
      '{ parcel(ids: 1) { name } }',
      '{ parcel(id: 1) { nam } }',
      '{ parcel(id: 1) { ... on Parce { name } } }',
    ]) {
      const { overHttp, overSocket } = await attack(query);
      for (const { text } of [overHttp, overSocket]) expect(text, query).not.toContain('Did you mean');
    }
  });

  it.each(['{ _service { sdl } }', '{ _entities(representations: [{ __typename: "Parcel", id: "1" }]) { __typename } }'])(
    'does not reach the subgraphs: %s',
    async (query) => expectRefusal('GRAPHQL_VALIDATION_FAILED', query),
  );
});

describe('a name that objects have from birth', () => {
  const innocent = () => expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();

  it('is an alias like any other', async () => {
    const { text, data } = await post(url, { query: '{ __proto__: carriers constructor: parcel(id: 1) { toString: name } }' });
    expect(text).toContain('"__proto__":["Post"]');
    expect(data?.['constructor']).toEqual({ toString: 'Parcel 1' });
    innocent();
  });

  it('is a variable like any other', async () => {
    const body = '{"query":"query Q($__proto__: ID!) { parcel(id: $__proto__) { name } }","variables":{"__proto__":"7"}}';
    expect((await post(url, body)).data).toEqual({ parcel: { name: 'Parcel 7' } });
    await post(url, '{"query":"{ carriers }","variables":{"__proto__":{"polluted":true}},"__proto__":{"polluted":true}}');
    innocent();
  });
});

describe('a page of another site', () => {
  const send = (type: string, body: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body });
  const body = JSON.stringify({ query: 'mutation { signIn(email: "a", password: "1") }' });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; application/json'])(
    'cannot post %s',
    async (type) => expect((await send(type, body)).status).toBe(415),
  );

  it('cannot read by GET, nor write', async () => {
    expect((await fetch(`${url}?query={carriers}`)).status).toBe(400);
    expect((await fetch(`${url}?query={carriers}`, { headers: { 'content-type': 'text/plain' } })).status).toBe(400);
    const write = await fetch(`${url}?query=mutation{signIn(email:"a",password:"1")}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(write.status).toBe(405);
  });

  it('cannot hide a body in another charset', async () => {
    for (const charset of ['utf-7', 'utf-16', 'iso-2022-jp', '"utf-16le"'])
      expect((await send(`application/json; charset=${charset}`, body)).status).toBe(415);
  });

  it('cannot hide a body in a compressed one', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await fetch(url, { method: 'POST', headers, body: gzipSync(body) })).status).toBe(415);
  });

  it('cannot open a socket', async () => {
    await expect(rawSocket(url, { origin: 'https://elsewhere.example' })).rejects.toThrow('403');
    await expect(rawSocket(url, { origin: 'null' })).rejects.toThrow('403');
    using own = await rawSocket(url, { origin: new URL(url).origin });
    expect(own.socket.protocol).toBe('graphql-transport-ws');
  });
});

it('a socket that begins with 50 MB is closed with 1009', async () => {
  using socket = await rawSocket(url);
  socket.send({ type: 'connection_init', payload: { x: 'x'.repeat(50_000_000) } });
  expect((await socket.closed).code).toBe(1009);
});
