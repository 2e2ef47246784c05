import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSocket, startTestGateway, type TestGateway } from './gateway-kit.js';

const APOLLO = 'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9';

describe('@defer over HTTP', () => {
  let served: TestGateway;
  beforeAll(async () => {
    served = await startTestGateway();
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const ask = (query: string, accept: string, signal?: AbortSignal) =>
    fetch(served.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
      ...(signal && { signal }),
    });
  const DEFERRED = '{ parcel(id: "7") { name ... @defer(label: "who") { carrier lost } } }';

  it('sends what is deferred in parts of its own, errors masked', async () => {
    const answer = await ask(DEFERRED, APOLLO);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    const text = await answer.text();
    expect(text).toMatch(/^\r\n---\r\ncontent-type: application\/json; charset=utf-8\r\n\r\n/);
    expect(text).toMatch(/\r\n-----\r\n$/);
    const parts = [...text.matchAll(/\r\n\r\n(\{.*?\})\r\n---/g)].map(([, json = '']) => JSON.parse(json) as Record<string, unknown>);
    expect(parts[0]).toEqual({ data: { parcel: { name: 'Parcel 7' } }, hasNext: true });
    expect(parts[1]).toMatchObject({
      incremental: [
        {
          path: ['parcel'],
          label: 'who',
          data: { carrier: 'Carrier of 7', lost: null },
          errors: [{ path: ['parcel', 'lost'], extensions: { code: 'NOT_FOUND' } }],
        },
      ],
    });
    expect(parts.at(-1)).toMatchObject({ hasNext: false });
  });

  it('does not let a client wait for what is slow', async () => {
    const leaving = new AbortController();
    const answer = await ask('{ parcel(id: "7") { name ... @defer { slow } } }', APOLLO, leaving.signal);
    expect(answer.status).toBe(200);
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('"hasNext":true')) break;
    }
    expect(text).toContain('{"data":{"parcel":{"name":"Parcel 7"}},"hasNext":true}');
    leaving.abort();
  });

  it.each([
    [
      'a client that does not take parts',
      DEFERRED,
      'application/json',
      { parcel: { name: 'Parcel 7', carrier: 'Carrier of 7', lost: null } },
    ],
    ['an operation that defers nothing', '{ parcel(id: "7") { name } }', APOLLO, { parcel: { name: 'Parcel 7' } }],
  ])('is one answer for %s', async (_, query, accept, data) => {
    const answer = await ask(query, accept);
    expect(answer.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(await answer.json()).toMatchObject({ data });
  });
});

describe('@defer over WebSocket', () => {
  let served: TestGateway;
  beforeAll(async () => {
    served = await startTestGateway();
  });
  afterAll(() => served[Symbol.asyncDispose]());
  const query = '{ parcel(id: "7") { name ... @defer(label: "who") { carrier lost } } }';

  /** Everything that comes of one operation, but for its id. */
  async function heard(init: object, payload: object) {
    using socket = await openSocket(served.url, init);
    socket.send({ type: 'subscribe', id: '1', payload: { query, ...payload } });
    const messages: unknown[] = [];
    for (let type = ''; type !== 'complete';) {
      const message = await socket.next();
      type = message.type;
      messages.push(message.payload ?? type);
    }
    return messages;
  }
  const lost = [{ path: ['parcel', 'lost'], extensions: { code: 'NOT_FOUND' } }];

  it.each([
    ['its socket', { deferSpec: '20220824' }, {}],
    ['its operation', {}, { extensions: { deferSpec: '20220824' } }],
  ])('comes in messages of its own when the client asks for it with %s, errors masked', async (_, init, payload) => {
    const messages = await heard(init, payload);
    expect(messages[0]).toEqual({ data: { parcel: { name: 'Parcel 7' } }, hasNext: true });
    const incremental = messages.slice(1, -1).flatMap((message) => (message as { incremental?: unknown[] }).incremental ?? []);
    expect(incremental).toMatchObject([{ path: ['parcel'], label: 'who', data: { carrier: 'Carrier of 7', lost: null }, errors: lost }]);
    expect(messages.at(-2)).toMatchObject({ hasNext: false });
    expect(messages.at(-1)).toBe('complete');
  });

  it('is one answer for a client that does not ask', async () => {
    expect(await heard({}, {})).toMatchObject([
      { data: { parcel: { name: 'Parcel 7', carrier: 'Carrier of 7', lost: null } }, errors: lost },
      'complete',
    ]);
  });

  it('is not waited for by a client that wants no more', async () => {
    using socket = await openSocket(served.url, { deferSpec: '20220824' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ parcel(id: "7") { name ... @defer { slow } } }' } });
    expect(await socket.next()).toMatchObject({ payload: { hasNext: true } });
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ carriers }' } });
    expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data: { carriers: ['Post'] } } });
  });
});
