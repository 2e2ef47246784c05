import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { knownLiveFields, type LiveField } from './live-field.js';
import { compilePrimary } from './primary-request.js';

const schema = buildSchema(`
  type Query { unused: Int }
  type Subscription { noted(topic: ID!, after: Int): Note }
  type Note { revision: Int! text(upper: Boolean): String author: Author }
  type Author { name: String }`);

const noted: LiveField = { begins: 'state', entity: [], conflate: false, resume: { argument: 'after', field: 'revision' } };
const compile = (text: string, field: LiveField | null = noted) => compilePrimary(text, schema, new Map(field ? [['noted', field]] : []));
const flat = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

describe('the request of a stream', () => {
  it('has no name, and asks also for what it is resumed by', () => {
    const { query } = compile('subscription Mine($t: ID!) { noted(topic: $t) { text } }').request({ t: 'a' }, null);
    expect(flat(query)).toBe('subscription ($t: ID!) { noted(topic: $t) { text _live_revision: revision } }');
  });

  it('is the same whatever it is called', () => {
    const [one, other] = ['A', 'B'].map((name) => compile(`subscription ${name} { n: noted(topic: 1) { text } }`).id);
    expect(one).toBe(other);
  });

  it.each([
    [
      'subscription { noted(topic: 1) { text } }',
      'subscription ($_live_after: Int) { noted(topic: 1, after: $_live_after) { text _live_revision: revision } }',
    ],
    [
      'subscription { noted(topic: 1, after: 3) { text } }',
      'subscription ($_live_after: Int) { noted(topic: 1, after: $_live_after) { text _live_revision: revision } }',
    ],
    [
      'subscription($a: Int, $u: Boolean) { noted(topic: 1, after: $a) { text(upper: $u) } }',
      'subscription ($u: Boolean, $_live_after: Int) { noted(topic: 1, after: $_live_after) { text(upper: $u) _live_revision: revision } }',
    ],
  ])('goes on after an event: %s', (text, resumed) => {
    const { query, variables } = compile(text).request({ u: true }, 7);
    expect(flat(query)).toBe(resumed);
    expect(variables).toEqual({ u: true, _live_after: 7 });
  });

  it('is as it came where nothing is known of its field', () => {
    const { query } = compile('subscription { noted(topic: 1) { text } }', null).request({}, 7);
    expect(flat(query)).toBe('subscription { noted(topic: 1) { text } }');
  });
});

describe('a stream', () => {
  it.each([
    ['subscription { noted(topic: 1) { text } }', {}, false],
    ['subscription { noted(topic: 1, after: null) { text } }', {}, false],
    ['subscription { noted(topic: 1, after: 0) { text } }', {}, true],
    ['subscription($a: Int) { noted(topic: 1, after: $a) { text } }', {}, false],
    ['subscription($a: Int) { noted(topic: 1, after: $a) { text } }', { a: 2 }, true],
  ])('begins after an event when its client says so: %s %j', (text, variables, isResumed) => {
    expect(compile(text).isResumed(variables)).toBe(isResumed);
  });

  it('reads what an event is, and what it is resumed by', () => {
    const { marksOf } = compile('subscription { n: noted(topic: 1) { text } }');
    expect(marksOf({ data: { n: { text: 'x', _live_revision: 4 } } })).toEqual({ entity: '[]', cursor: 4 });
    expect(marksOf({ data: { n: null } })).toEqual({ entity: null, cursor: null });
    expect(marksOf({ errors: [{ message: 'lost' }] })).toEqual({ entity: null, cursor: null });
  });
});

it('fields that the schema does not have are of some other schema', () => {
  expect([...knownLiveFields(schema, { noted, other: noted }).keys()]).toEqual(['noted']);
  expect(knownLiveFields(schema, { noted: { ...noted, entity: ['author'] } }).size).toBe(0);
  expect(knownLiveFields(schema, { noted: { ...noted, resume: { argument: 'since', field: 'revision' } } }).size).toBe(0);
});
