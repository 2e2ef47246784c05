import { buildSchema, GraphQLError, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Fault } from './faults.js';
import type { JsonObject } from './json.js';
import { compileProjection } from './projection.js';

const schema = buildSchema(`
  type Query { may: Leafs must: Leafs! list: [Leafs] full: [Leafs!]! grid: [[Int!]]! pet: Pet any: Any state: State number: Int text: String }
  type Leafs { a: Int b: Int! below: Leafs needed: Leafs! many: [Int!] }
  interface Pet { name: String }
  type Cat implements Pet { name: String lives: Int! }
  type Dog implements Pet { name: String tricks: [String!] }
  union Any = Cat | Leafs
  enum State { ON OFF }`);

/** The data and errors for what subgraphs answered; JSON, so that own keys count and nothing else. */
function projected(text: string, data: string | object, faults: readonly Fault[] = []) {
  const document = parse(text);
  const operation = document.definitions.find((each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION);
  const root = schema.getQueryType();
  if (!operation || !root) throw new Error('There is no query');
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  const project = compileProjection(
    { schema, fragments, conditions: new Map(), denied: new Map(), deferred: new Set(), keyOf: ({ alias, name }) => (alias ?? name).value },
    root,
    operation.selectionSet,
    new Set(),
  );
  const errors: GraphQLError[] = [];
  const answered = project(JSON.parse(typeof data === 'string' ? data : JSON.stringify(data)) as JsonObject, faults, errors);
  return { data: JSON.stringify(answered), errors: errors.map(({ path }) => path?.join('.')) };
}

describe('a null where none is allowed', () => {
  it.each([
    ['in a nullable object', '{ may { a b } }', { may: { a: 1, b: null } }, '{"may":null}', 'may.b'],
    ['in an object that is not nullable', '{ must { b } }', { must: { b: null } }, 'null', 'must.b'],
    ['that is missing', '{ may { b } }', { may: {} }, '{"may":null}', 'may.b'],
    ['two levels down', '{ may { needed { b } } }', { may: { needed: { b: null } } }, '{"may":null}', 'may.needed.b'],
    ['below something nullable', '{ must { below { b } } }', { must: { below: { b: null } } }, '{"must":{"below":null}}', 'must.below.b'],
    ['in a list of nullables', '{ list { b } }', { list: [{ b: 1 }, { b: null }] }, '{"list":[{"b":1},null]}', 'list.1.b'],
    ['in a list that must be whole', '{ full { b } }', { full: [{ b: 1 }, { b: null }] }, 'null', 'full.1.b'],
    ['as an element', '{ may { many } }', { may: { many: [1, null] } }, '{"may":{"many":null}}', 'may.many.1'],
    ['as an element of an element', '{ grid }', { grid: [[1], [null]] }, '{"grid":[[1],null]}', 'grid.1.0'],
    ['as the list', '{ grid }', { grid: null }, 'null', 'grid'],
    ['at the root', '{ must { a } }', {}, 'null', 'must'],
  ])('%s: goes up to where it is, with one error', (_, text, data, expected, path) => {
    expect(projected(text, data)).toEqual({ data: expected, errors: [path] });
  });

  it.each([
    ['at it', ['may', 'b']],
    ['above it', ['may']],
  ])('needs no second error when there is one %s', (_, path) => {
    const faults = [{ error: new GraphQLError('known'), covers: [path] }];
    expect(projected('{ may { b } text }', { may: { b: null }, text: 'x' }, faults)).toEqual({
      data: '{"may":null,"text":"x"}',
      errors: [],
    });
  });

  it('needs one when the known errors are elsewhere', () => {
    expect(projected('{ may { b } }', { may: {} }, [{ error: new GraphQLError('other'), covers: [['text']] }]).errors).toEqual(['may.b']);
  });
});

describe('values', () => {
  it.each([
    ['an enum value that clients do not know', '{ state }', { state: 'SECRET' }],
    ['a text for a number', '{ number }', { number: '1' }],
    ['a number beyond 32 bits', '{ number }', { number: 2 ** 31 }],
    ['a list for a text', '{ text }', { text: ['x'] }],
    ['a text for an object', '{ may { a } }', { may: 'x' }],
    ['an object for a list', '{ list { a } }', { list: {} }],
    ['an object of a type that is not among the possible ones', '{ pet { name } }', { pet: { __typename: 'Leafs', name: 'x' } }],
    ['an object of a type that clients do not know', '{ any { __typename } }', { any: { __typename: 'Hidden' } }],
  ])('%s is null with an error', (_, text, data) => {
    const field = Object.keys(data)[0] ?? '';
    expect(projected(text, data)).toEqual({ data: `{"${field}":null}`, errors: [field] });
  });

  it('that were not asked for stay here', () => {
    expect(projected('{ may { a } }', { may: { a: 1, b: 2, __typename: 'Leafs' }, text: 'no' }).data).toBe('{"may":{"a":1}}');
  });
});

describe('fields', () => {
  it('come in the order of the operation, those of one name merged', () => {
    expect(
      projected('{ text may { a } number ...f } fragment f on Query { may { b } text }', { number: 1, may: { b: 2, a: 1 }, text: 'x' })
        .data,
    ).toBe('{"text":"x","may":{"a":1,"b":2},"number":1}');
  });

  it('of fragments apply by type, interface and union', () => {
    const text =
      '{ pet { ... on Cat { lives } ... on Dog { tricks } kind: __typename ... on Pet { name } } any { ... on Pet { name } __typename } }';
    expect(projected(text, { pet: { __typename: 'Cat', lives: 9, name: 'Tom' }, any: { __typename: 'Leafs' } }).data).toBe(
      '{"pet":{"lives":9,"kind":"Cat","name":"Tom"},"any":{"__typename":"Leafs"}}',
    );
  });

  it('may be called as anything, and take nothing from what all objects inherit', () => {
    const text = '{ __proto__: text constructor: number toString: text valueOf: may { __proto__: a hasOwnProperty: b } }';
    expect(projected(text, '{"__proto__":"p","valueOf":{"__proto__":1,"hasOwnProperty":2}}')).toEqual({
      data: '{"__proto__":"p","constructor":null,"toString":null,"valueOf":{"__proto__":1,"hasOwnProperty":2}}',
      errors: [],
    });
    expect(({} as JsonObject)['p']).toBeUndefined();
  });
});
