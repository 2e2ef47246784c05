import { describe, expect, it } from 'vitest';
import { decode, encode } from './nats-message.js';
import { subjectOf, subjectsOfType } from './nats-streams.js';

const event = {
  id: '01a206f2-34b8-7002-b7c2-ed71931883bb',
  type: 'tests.counted.v1',
  aggregateId: 'a',
  aggregateVersion: 1,
  occurredAt: '2026-11-23T12:00:00.000Z',
  traceparent: null,
  causationId: null,
  data: { n: 1 },
};
const origin = { type: 'tests.counted.v1', position: 'shop-tests 7', at: new Date('2026-11-23T12:00:00Z') };

describe('a message', () => {
  it('is the event', () => {
    expect(decode(encode(event), origin)).toEqual({ kind: 'event', event });
  });

  it.each(['', 'null', '{', '{"id": 1}', JSON.stringify({ ...event, id: 'x' }), JSON.stringify({ ...event, aggregateVersion: 'two' })])(
    'that is no envelope, as %j, becomes an event with the text as its data, and always the same id',
    (text) => {
      const decoded = decode(text, origin);
      expect(decoded).toMatchObject({ kind: 'unreadable', event: { type: origin.type, data: text } });
      expect(decode(text, origin).event.id).toBe(decoded.event.id);
      expect(decode(text, { ...origin, position: 'shop-tests 8' }).event.id).not.toBe(decoded.event.id);
      expect(decoded.event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    },
  );
});

describe('a subject', () => {
  it.each([
    ['01a206f2-34b8', '01a206f2-34b8'],
    ['SKU.RED 1', 'SKU%2eRED%201'],
    ['*>', '%2a%3E'],
    ['', '%'],
    ['größe/1', 'gr%C3%B6%C3%9Fe%2F1'],
  ])('ends with the aggregate %j as one token', (aggregateId, token) => {
    expect(subjectOf('shop', event.type, aggregateId)).toBe(`shop.tests.counted.v1.${token}`);
  });

  it('of a type stands for all aggregates', () => {
    expect(subjectsOfType('shop', event.type)).toBe('shop.tests.counted.v1.*');
  });
});
