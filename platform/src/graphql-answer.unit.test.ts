import { describe, expect, it } from 'vitest';
import { parseGraphQLAnswer } from './graphql-answer.js';

describe('an answer of a subgraph', () => {
  it.each([
    ['{"data":{"a":1}}', { data: { a: 1 } }],
    ['{"data":{"a":1},"errors":[]}', { data: { a: 1 }, errors: [] }],
    ['{"data":null,"errors":[{"message":"lost"}]}', { data: null, errors: [{ message: 'lost' }] }],
    ['{"errors":[{"message":"lost","more":1}]}', { errors: [{ message: 'lost', more: 1 }] }],
  ])('is read: %s', (text, expected) => {
    expect(parseGraphQLAnswer(text)).toEqual(expected);
  });

  it.each(['', '[]', '"x"', '{}', '{"data":null}', '{"data":null,"errors":[]}', '{"data":[]}', '{"errors":["lost"]}', '<html>'])(
    'is none that says neither what there is nor what went wrong: %s',
    (text) => {
      expect(() => parseGraphQLAnswer(text)).toThrow(Error);
    },
  );
});
