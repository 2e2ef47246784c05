import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitsOf } from '@shop/gateway';
import { openSocket, post, startTestGateway, type TestGateway } from './gateway-kit.js';

describe("Apollo's executor behind the same guards", () => {
  let served: TestGateway;
  beforeAll(async () => {
    served = await startTestGateway(
      {
        engine: 'apollo',
        requestTimeoutMs: 3_000,
        limits: limitsOf('enforce', { representations: 3 }),
        resilience: { queryTimeoutMs: 500 },
      },
      'over HTTP',
    );
  });
  afterAll(() => served[Symbol.asyncDispose]());
  const ask = (query: string, headers: Record<string, string> = {}) => post(served.url, { query }, headers);

  it('answers from several subgraphs', async () => {
    expect(await ask('{ parcels(first: 2) { name carrier } }')).toMatchObject({
      data: {
        parcels: [
          { name: 'Parcel 0', carrier: 'Carrier of 0' },
          { name: 'Parcel 1', carrier: 'Carrier of 1' },
        ],
      },
    });
  });

  it('loses a slow field, and no more', async () => {
    const answer = await ask('{ parcel(id: "7") { name slow } }');
    expect(answer).toMatchObject({ data: { parcel: { name: 'Parcel 7', slow: null } }, errors: [{ extensions: { code: 'TIMEOUT' } }] });
    expect(served.gateway.fetchCounts().subgraphs.get('carriers')).toMatchObject({ timeouts: 1 });
  });

  it('asks for no more entities at once than is allowed', async () => {
    const answer = await ask('{ parcels(first: 4) { name carrier } }');
    expect(answer.errors).toMatchObject([{ extensions: { code: 'MAX_REPRESENTATIONS_LIMIT' } }]);
    expect(answer.data?.['parcels']).toHaveLength(4);
  });

  it('hides what a subgraph says to itself, and the schema', async () => {
    const broken = await ask('{ broken }');
    expect(broken.data).toEqual({ broken: null });
    expect(broken.text).not.toMatch(/hunter2|serviceName|"parcels"/);
    expect(await ask('{ __schema { types { name } } }')).toMatchObject({ status: 400 });
  });

  it('cuts off an answer that is too long', async () => {
    const answer = await ask('{ long(bytes: 2100000) }');
    expect(answer.data ?? { long: null }).toEqual({ long: null });
    expect(answer.errors).toHaveLength(1);
    expect(answer.text.length).toBeLessThan(1_000);
  });

  it('answers what is deferred at once', async () => {
    const answer = await ask('{ parcel(id: "7") { name ... @defer { carrier } } }', {
      accept: 'multipart/mixed;deferSpec=20220824,application/json',
    });
    expect(answer.data).toEqual({ parcel: { name: 'Parcel 7', carrier: 'Carrier of 7' } });
  });

  it('completes the events of a subscription', async () => {
    using socket = await openSocket(served.url);
    const query = 'subscription { parcelMoved(id: "7", upTo: 1) { step parcel { name carrier } } }';
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    expect(await socket.next()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { parcelMoved: { step: 1, parcel: { name: 'Parcel 7', carrier: 'Carrier of 7' } } } },
    });
  });

  it('counts plans, and uses them again', async () => {
    await ask('{ carriers }');
    await ask('{ carriers }');
    expect(served.gateway.metrics()).toMatch(/^gateway_plans_used_total\{plan="known"\} [1-9]/m);
  });
});
