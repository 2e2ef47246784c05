import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits, limitsOf } from './limits.js';
import { shapeExcesses } from './operation-shape.js';
import { refusal } from './refusal.js';

const judge = (text: string) => shapeExcesses(parse(text), defaultLimits).map((excess) => refusal(excess).message);
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
    expect(judge(`{ a { ${aliases(30)} } }`)).toEqual([]);
    expect(judge(`{ a { ${aliases(31)} } }`)).toEqual(['The operation has 31 aliases; 30 are allowed.']);
  });
  it('count each time their fragment is spread, however the fragments multiply', () => {
    const bomb = Array.from({ length: 20 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ');
    expect(judge(`{ a { ...f0 } } ${bomb} fragment f20 on Query { x: b }`)).toEqual(['The operation has 1048576 aliases; 30 are allowed.']);
  });
});

describe('fields of the root', () => {
  it('of 20 pass, 21 do not, however they are spread', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, i) => `b${i}`).join(' ');
    expect(judge(`{ ${fields(20)} }`)).toEqual([]);
    expect(judge(`{ ${fields(21)} }`)).toEqual(['The operation asks 21 fields of the root; 20 are allowed.']);
    expect(judge(`{ ...f ... on Query { ...f ...f } } fragment f on Query { ${fields(7)} }`)).toHaveLength(1);
  });
});

describe('directives', () => {
  it('of 50 pass, 51 do not, wherever they stand', () => {
    expect(judge(`{ b ${'@a '.repeat(50)} }`)).toEqual([]);
    expect(judge(`query Q($v: Int @a) @a { b ...f } fragment f on Query @a { b ${'@a '.repeat(48)} }`)).toEqual([
      'The document has 51 directives; 50 are allowed.',
    ]);
  });
});

describe('the same thing again in one pair of braces', () => {
  it('passes ten times over, and not eleven', () => {
    expect(judge(`{ a { ${'b '.repeat(11)} } }`)).toEqual([]);
    expect(judge(`{ a { ${'b '.repeat(12)} } }`)).toHaveLength(1);
    expect(judge(`{ a { ${'... on Query { b } '.repeat(12)} } }`)).toHaveLength(1);
    expect(judge(`{ a { ${Array.from({ length: 12 }, (_, i) => `... on T${i} { b }`).join(' ')} } }`)).toEqual([]);
    expect(judge(`{ a { ${'...f '.repeat(12)} } } fragment f on Query { b }`)).toHaveLength(1);
  });
});

it('lets a limit that is off or only measured be passed', () => {
  const document = parse(`{ ${'b '.repeat(30)} }`);
  expect(shapeExcesses(document, limitsOf('off'))).toEqual([]);
  expect(shapeExcesses(document, limitsOf('measure'))).toContainEqual({ limit: 'rootFields', measured: 30, max: 20 });
});
