import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitsOf } from '@shop/gateway';
import { listenForMetrics } from '../src/metrics-listener.js';
import { openSocket, post, startTestGateway, type TestGateway } from './gateway-kit.js';

describe('the metrics of a gateway', () => {
  const disposables = new AsyncDisposableStack();
  let test: TestGateway;

  beforeAll(async () => {
    test = disposables.use(await startTestGateway({ limits: limitsOf('enforce', { depth: 4 }) }, 'over HTTP'));
    for (let n = 0; n < 3; n++) await post(test.url, { query: '{ parcel(id: 1) { siblings { siblings { carrier } } } }' });
    await post(test.url, { query: '{ parcel(id: 1) { siblings { siblings { siblings { name } } } } }' });
    await post(test.url, { query: '{ secret }' });
    await test.gateway.reload('broken');
    using socket = await openSocket(test.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { parcelMoved(id: "7", upTo: 2) { step } }' } });
    while ((await socket.next()).type !== 'complete');
  });
  afterAll(() => disposables.disposeAsync());

  it.each([
    /^gateway_limit_excesses_total\{limit="depth",mode="enforce"\} 1$/m,
    /^gateway_denied_fields_total\{coordinate="Query.secret",mode="filter"\} 1$/m,
    /^gateway_supergraph_reloads_total\{outcome="refused"\} 1$/m,
    /^gateway_plans_used_total\{plan="known"\} 4$/m,
    /^gateway_fetches_total [1-9]/m,
    /^gateway_fetches_shared_total \d/m,
    /^gateway_subgraph_breaker\{subgraph="carriers",state="closed"\} 1$/m,
    /^gateway_subgraph_breaker\{subgraph="carriers",state="open"\} 0$/m,
    /^gateway_subgraph_timeouts_total\{subgraph="parcels"\} 0$/m,
    /^gateway_subscriptions\{of="clients"\} 0$/m,
    /^gateway_subscription_events_total\{door="websocket",field="parcelMoved",outcome="delivered"\} 2$/m,
    /^gateway_subscription_events_total\{door="websocket",field="parcelMoved",outcome="conflated"\} 0$/m,
    /^gateway_subscription_cut_offs_total\{door="websocket",field="parcelMoved"\} 0$/m,
    /^gateway_manifest_reloads_total\{outcome="refused"\} 0$/m,
  ])('tell %s', (line) => expect(test.gateway.metrics()).toMatch(line));

  it('tell how often an entity was needed and how often it was asked for', () => {
    const value = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(test.gateway.metrics())?.[1]);
    expect(value('gateway_entity_places_total')).toBeGreaterThan(value('gateway_entity_representations_total'));
    expect(value('gateway_entity_representations_total')).toBeGreaterThan(0);
  });

  it('are told on a port of their own, and not where clients ask', async () => {
    const listener = disposables.use(await listenForMetrics(0, '127.0.0.1', test.gateway.metrics));
    const told = await fetch(`http://127.0.0.1:${listener.port}/metrics`);
    expect([told.status, told.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(await told.text()).toContain('gateway_fetches_total');
    expect((await fetch(`http://127.0.0.1:${listener.port}/graphql`)).status).toBe(404);
    expect((await fetch(new URL('/metrics', test.url))).status).toBe(404);
  });
});
