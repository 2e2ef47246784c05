import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './gateway-kit.js';

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
    const reader = answer.body?.getReader();
    let text = '';
    while (!text.includes('"hasNext":true')) text += new TextDecoder().decode((await reader?.read())?.value);
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
