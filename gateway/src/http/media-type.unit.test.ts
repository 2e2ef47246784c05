import { expect, it } from 'vitest';
import { acceptanceOf } from './media-type.js';

const RESPONSE = 'application/graphql-response+json';

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['application/json', 'application/json'],
  [RESPONSE, RESPONSE],
  [`${RESPONSE}, application/json`, RESPONSE],
  [`application/json, ${RESPONSE}`, 'application/json'],
  [`application/json;q=0.5, ${RESPONSE}`, RESPONSE],
  [`${RESPONSE};q=0, application/json`, 'application/json'],
  ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
  ['text/html', null],
  ['application/json;q=0', null],
])('who accepts %j gets %j', (accept, type) => {
  expect(acceptanceOf(accept).single).toBe(type);
});

it('only who names application/json alone is spoken to as of old', () => {
  expect(['application/json', `application/json, ${RESPONSE}`, '*/*', undefined].map((accept) => acceptanceOf(accept).isOld)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

it('who takes a stream is known', () => {
  expect(acceptanceOf('text/event-stream')).toMatchObject({ single: null, stream: 'text/event-stream' });
  const apollo = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0", application/json';
  expect(acceptanceOf(apollo)).toMatchObject({ single: 'application/json', stream: 'multipart/mixed' });
});
