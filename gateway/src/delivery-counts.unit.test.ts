import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { deliveryCounts } from './delivery-counts.js';

const ticks = parse('subscription { ...f } fragment f on Subscription { ... { now: tick { n } } }');

describe('what became of events', () => {
  it('is counted by door and root field, whatever a client calls it', () => {
    const deliveries = deliveryCounts();
    deliveries.of('websocket', ticks, undefined).delivered++;
    deliveries.of('websocket', parse('subscription { tick { n } }'), undefined).delivered++;
    deliveries.of('event-stream', ticks, undefined).cutOff++;
    expect(deliveries.counts()).toEqual([
      { door: 'websocket', field: 'tick', delivered: 2, conflated: 0, cutOff: 0 },
      { door: 'event-stream', field: 'tick', delivered: 0, conflated: 0, cutOff: 1 },
    ]);
  });

  it('has no more than a hundred fields', () => {
    const deliveries = deliveryCounts();
    for (let i = 0; i < 200; i++) deliveries.of('websocket', parse(`subscription { f${i} }`), undefined).delivered++;
    expect(deliveries.counts()).toHaveLength(101);
    expect(deliveries.counts().at(-1)).toMatchObject({ field: 'others', delivered: 100 });
  });
});
