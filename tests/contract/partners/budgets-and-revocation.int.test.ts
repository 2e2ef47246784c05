import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, operationsIn, startPartnerShop, type PartnerShop } from './partners.kit.js';

let partners: PartnerShop;
let products: { documentId: string };
let stockChanges: string;
beforeAll(async () => {
  const [started, operation] = await Promise.all([startPartnerShop(), operationsIn('partners/marketplace')]);
  partners = started;
  products = { documentId: operation('MarketplaceProducts').id };
  stockChanges = operation('MarketplaceStockChanges').id;
});
afterAll(() => partners[Symbol.asyncDispose]());

describe('a partner’s budget', () => {
  it('of requests ends with 429, says when to come again, and is told with every answer', async () => {
    const { apiKey } = await partners.issue({ requestsPerMinute: 2 });
    const first = await partners.post(products, bearer(apiKey));
    expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=2;w=60, "cost";q=60000;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"requests";r=1;t=30, "cost";r=\d+;t=\d+$/);
    // What is refused counts too.
    expect((await partners.post({ query: '{ __typename }' }, bearer(apiKey))).code).toBe('PERSISTED_QUERY_ID_REQUIRED');
    const over = await partners.post(products, bearer(apiKey));
    expect(over).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(over.headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d+$/);
    expect((await partners.get(`/graphql/d/${products.documentId}`, bearer(apiKey))).status).toBe(429);
  });

  it('of points is spent by what operations cost', async () => {
    const { apiKey } = await partners.issue({ costPerMinute: 1_000 });
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await partners.post(products, bearer(apiKey)));
    const over = answers.find(({ status }) => status === 429);
    expect(over).toMatchObject({ code: 'RATE_LIMITED' });
    expect(over?.headers.get('ratelimit')).toMatch(/^"cost";r=\d+;t=\d+$/);
    expect(answers[0]?.status).toBe(200);
  });

  it('is one for all its keys and doors, and each partner’s own', async () => {
    const { apiKey, clientId } = await partners.issue({ requestsPerMinute: 1 });
    const { apiKey: next } = await partners.rotate(clientId, 600);
    expect((await partners.post(products, bearer(apiKey))).status).toBe(200);
    expect((await partners.post(products, bearer(next))).status).toBe(429);
    await using socket = partners.socket(apiKey);
    await expect(socket.ask(products).next()).rejects.toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } },
    ]);
    const { apiKey: another } = await partners.issue({ requestsPerMinute: 1 });
    expect((await partners.post(products, bearer(another))).status).toBe(200);
  });
});

describe('a key that is taken away', () => {
  it('stops at once over HTTP, though it was in use', async () => {
    const { apiKey, clientId } = await partners.issue();
    expect((await partners.post(products, bearer(apiKey))).status).toBe(200);
    expect(await partners.revoke(clientId)).toBe(true);
    await partners.shop.settle();
    expect(await partners.post(products, bearer(apiKey))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('closes the sockets that were opened with it, and no others', async () => {
    const [gone, stays] = [await partners.issue(), await partners.issue()];
    await using ending = partners.socket(gone.apiKey);
    await using going = partners.socket(stays.apiKey);
    const following = ending.ask({ documentId: stockChanges, variables: { skus: ['NOT-THERE'] } });
    await ending.ask(products).next();
    await going.ask(products).next();
    const ended = endOf(following);
    await partners.revoke(gone.clientId);
    expect(await ended).toMatchObject({ code: 4403 });
    expect((await going.ask(products).next()).value).toMatchObject({ data: { products: expect.anything() } });
  });

  it('ends streams of server-sent events, too', async () => {
    const { apiKey, clientId } = await partners.issue();
    const answer = await fetch(`${partners.shop.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(apiKey) },
      body: JSON.stringify({ documentId: stockChanges, variables: { skus: ['NOT-THERE'] } }),
    });
    expect(answer.headers.get('content-type')).toMatch(/text\/event-stream/);
    await partners.revoke(clientId);
    expect(await answer.text()).toContain('UNAUTHENTICATED');
  });

  it('ends when it is rotated without an overlap, and the new one begins', async () => {
    const { apiKey, clientId } = await partners.issue();
    expect((await partners.post(products, bearer(apiKey))).status).toBe(200);
    const next = await partners.rotate(clientId, 0);
    await partners.shop.settle();
    expect((await partners.post(products, bearer(apiKey))).status).toBe(401);
    expect((await partners.post(products, bearer(next.apiKey))).status).toBe(200);
  });
});

/** Why a stream ended; null when it just did. */
async function endOf(stream: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const _ of stream);
    return null;
  } catch (error) {
    return error;
  }
}
