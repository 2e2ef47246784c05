import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from './config.js';
import { limitRules } from './limits.js';

const schema = buildSchema('type Query { a: Query, b: String }');
const judge = (text: string) => validate(schema, parse(text), limitRules(defaultLimits)).map(({ message }) => message);
const nested = (levels: number) => `${'{ a '.repeat(levels - 1)}{ b }${' }'.repeat(levels - 1)}`;

describe('depth', () => {
  it('of 12 passes, of 13 does not', () => {
    expect(judge(nested(12))).toEqual([]);
    expect(judge(nested(13))).toEqual(['The operation is 13 levels deep; 12 are allowed.']);
  });
  it('is counted through fragments, and inline fragments add none', () => {
    expect(judge(`{ ...f } fragment f on Query ${nested(12)}`)).toEqual([]);
    expect(judge(`{ a { ...f } } fragment f on Query ${nested(12)}`)).toHaveLength(1);
    expect(judge(`{ ... on Query { ... on Query ${nested(12)} } }`)).toEqual([]);
  });
});

describe('a question for the schema', () => {
  it('passes as tools ask it, and not when it goes round in circles', () => {
    expect(judge(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }))).toEqual([]);
    expect(judge(`{ __schema { types ${'{ fields { type '.repeat(6)}{ name }${' } }'.repeat(6)} } }`)).toHaveLength(1);
  });
});

describe('aliases', () => {
  const aliases = (count: number) => Array.from({ length: count }, (_, i) => `x${i}: b`).join(' ');
  it('of 30 pass, 31 do not', () => {
    expect(judge(`{ ${aliases(30)} }`)).toEqual([]);
    expect(judge(`{ ${aliases(31)} }`)).toEqual(['The operation has 31 aliases; 30 are allowed.']);
  });
  it('count each time their fragment is spread, however the fragments multiply', () => {
    const bomb = Array.from({ length: 20 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ');
    expect(judge(`{ ...f0 } ${bomb} fragment f20 on Query { x: b }`)).toEqual(['The operation has 1048576 aliases; 30 are allowed.']);
  });
});
