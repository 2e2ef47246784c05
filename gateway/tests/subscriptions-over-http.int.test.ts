import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitsOf } from '@shop/gateway';
import { startTestGateway, type TestGateway } from './gateway-kit.js';

const moves = 'subscription S($id: ID!, $upTo: Int!) { parcelMoved(id: $id, upTo: $upTo) { step parcel { name carrier } } }';
const move = (step: number) => ({ data: { parcelMoved: { step, parcel: { name: 'Parcel 7', carrier: 'Carrier of 7' } } } });

const ask = (url: string, accept: string, query: string, variables: object, signal: AbortSignal | null = null) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query, variables }),
    signal,
  });

let served: TestGateway;
beforeAll(async () => {
  served = await startTestGateway();
});
afterAll(() => served[Symbol.asyncDispose]());

/** Reads until `isEnough` of the text so far. */
async function readUntil({ body }: Response, isEnough: (text: string) => boolean): Promise<string> {
  let text = '';
  if (!body) return text;
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (isEnough(text)) break;
  }
  return text;
}

describe('server-sent events', () => {
  it('tell every event of a subscription, and its end', async () => {
    const answer = await ask(served.url, 'text/event-stream', moves, { id: '7', upTo: 2 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await answer.text()).split('\n\n').filter((event) => event && event !== ':');
    expect(events.slice(0, 2)).toEqual([1, 2].map((step) => `event: next\ndata: ${JSON.stringify(move(step))}`));
    expect(events.slice(2)).toEqual(['event: complete\ndata:']);
  });

  it('answer a query too, for clients that take nothing else', async () => {
    const answer = await ask(served.url, 'text/event-stream', '{ carriers }', {});
    expect(await answer.text()).toContain('event: next\ndata: {"data":{"carriers":["Post"]}}\n\nevent: complete\ndata:\n\n');
  });

  it('do not begin for what may not run', async () => {
    const accept = 'text/event-stream, application/json';
    const answer = await ask(served.url, accept, 'subscription { parcelMoved(id: 1, upTo: 1) { nothing } }', {});
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  });

  it('say why there are none where only a variable is wrong', async () => {
    const answer = await ask(served.url, 'text/event-stream', moves, { id: '7', upTo: 'x' });
    expect(await answer.text()).toMatch(/^:\n\nevent: next\ndata: .*BAD_USER_INPUT.*\n\nevent: complete\ndata:\n\n$/);
  });

  it('show that they live while nothing happens', async () => {
    await using impatient = await startTestGateway({ socketTiming: { heartbeatMs: 20 } });
    const answer = await ask(impatient.url, 'text/event-stream', moves, { id: '7', upTo: 0 });
    expect(await readUntil(answer, (text) => text.length >= 9)).toMatch(/^(:\n\n){3,}$/);
  });

  it('are counted with the sockets of the address', async () => {
    await using narrow = await startTestGateway({ limits: limitsOf('enforce', { addressSockets: 1 }) });
    const leaving = new AbortController();
    const first = await ask(narrow.url, 'text/event-stream', moves, { id: '7', upTo: 0 }, leaving.signal);
    expect(first.status).toBe(200);
    expect((await ask(narrow.url, 'text/event-stream', moves, { id: '7', upTo: 0 })).status).toBe(429);
    leaving.abort();
    let status = 429;
    while (status === 429) status = (await ask(narrow.url, 'text/event-stream', moves, { id: '7', upTo: 1 })).status;
    expect(status).toBe(200);
  });
});

describe('the multipart protocol of Apollo', () => {
  const accept = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json';

  it('tells every event as a part, and closes the last', async () => {
    const answer = await ask(served.url, accept, moves, { id: '7', upTo: 2 });
    expect(answer.headers.get('content-type')).toBe('multipart/mixed;boundary="graphql";subscriptionSpec="1.0"');
    const text = await answer.text();
    const parts = text.split('\r\n--graphql').slice(0, -1);
    expect(parts.map((part) => JSON.parse(part.split('\r\n\r\n')[1] ?? '') as unknown)).toEqual([
      {},
      { payload: move(1) },
      { payload: move(2) },
    ]);
    expect(text.startsWith('--graphql\r\ncontent-type: application/json\r\n\r\n{}')).toBe(true);
    expect(text.endsWith('\r\n--graphql--\r\n')).toBe(true);
  });

  it('answers a query as JSON', async () => {
    expect(await (await ask(served.url, accept, '{ carriers }', {})).json()).toEqual({ data: { carriers: ['Post'] } });
  });

  it('leaves off without an end when the server goes', async () => {
    const going = await startTestGateway({ socketTiming: { drainSpreadMs: 0 } });
    const answer = await ask(going.url, accept, moves, { id: '7', upTo: 0 });
    const text = readUntil(answer, () => false);
    await going[Symbol.asyncDispose]();
    expect(await text).toMatch(/--graphql$/);
  });
});

describe('a client that does not read its stream', () => {
  it('loses it when too much waits', async () => {
    await using slow = await startTestGateway({ limits: limitsOf('enforce', { socketQueue: 5 }) });
    const answer = await ask(slow.url, 'text/event-stream', moves, { id: 'x'.repeat(50_000), upTo: 2_000 });
    while (!slow.gateway.limitCounts().some(({ limit }) => limit === 'socketQueue')) await new Promise(setImmediate);
    await expect(answer.text()).rejects.toThrow(/terminated/);
  });
});
