import { buildSchema, getOperationAST, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costTable } from './cost-table.js';
import { operationCost, type Variables } from './operation-cost.js';
import { ENDLESS } from './operation-shape.js';

const directives = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION`;

const sdl = `${directives}
  type Query {
    book(id: ID, deep: Boolean @cost(weight: 7)): Book
    books(first: Int = 5): [Book!]!
    shelves: [Shelf!]!
    catalogue(first: Int, last: Int): BookConnection!
    found(page: Page!): Found! @listSize(slicingArguments: ["page.size"], sizedFields: ["hits"])
    rare: Book @cost(weight: 50)
    thing: Thing
    map: Map
  }
  type Mutation { write(title: String!): Book }
  type Subscription { written: Book }
  input Page { size: Int }
  type Book { title: String! author: Author related: [Book!]! tags: [String!]! }
  type Author { name: String! books(limit: Int): [Book!]! @listSize(assumedSize: 3, slicingArguments: ["limit"]) }
  type Shelf { books: [Book!]! }
  type BookConnection { nodes: [Book!]! edges: [BookEdge!]! total: Int! }
  type BookEdge { node: Book! }
  type Found { hits: [Book!]! facets: [Facet!]! }
  type Facet { name: String! }
  interface Thing { owner: Author }
  type Map implements Thing @cost(weight: 4) { owner: Author @cost(weight: 9) scale: Int! }
`;

const judge = operationCost(buildSchema(sdl), costTable(sdl));
const cost = (text: string, variables: Variables = {}) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return judge(document, operation, variables);
};

describe('without directives', () => {
  it('an object is 1, a leaf 0, and a mutation 10 more', () => {
    expect(cost('{ book { title tags author { name } } }')).toBe(2);
    expect(cost('mutation { write(title: "x") { title } }')).toBe(11);
    expect(cost('subscription { written { title author { name } } }')).toBe(2);
    expect(cost('{ __typename }')).toBe(0);
  });
  it('a list is taken 20 times, or as often as its argument says, or its default', () => {
    expect(cost('{ shelves { books { title } } }')).toBe(20 + 20 * 20);
    expect(cost('{ books { title } }')).toBe(5);
    expect(cost('{ books(first: 8) { title author { name } } }')).toBe(16);
    expect(cost('query Q($n: Int) { books(first: $n) { title } }', { n: 30 })).toBe(30);
    expect(cost('query Q($n: Int = 6) { books(first: $n) { title } }')).toBe(6);
    expect(cost('query Q($n: Int) { books(first: $n) { title } }')).toBe(5);
  });
  it('the size of a connection is that of its lists', () => {
    expect(cost('{ catalogue(first: 10) { total nodes { title } } }')).toBe(1 + 10);
    expect(cost('{ catalogue(first: 10) { edges { node { title } } } }')).toBe(1 + 10 * 2);
    expect(cost('{ catalogue { nodes { title } } }')).toBe(1 + 20);
    expect(cost('{ catalogue(first: 10) { ...f } } fragment f on BookConnection { nodes { related { title } } }')).toBe(1 + 10 * 21);
  });
  it('neither nothing nor less than nothing makes a list free', () => {
    for (const size of [0, -1_000]) expect(cost('query Q($n: Int) { books(first: $n) { title } }', { n: size })).toBe(1);
  });
});

describe('by directives', () => {
  it('lists have their assumed size, or what their slicing argument says', () => {
    expect(cost('{ book { author { books { title } } } }')).toBe(1 + 1 + 3);
    expect(cost('{ book { author { books(limit: 9) { title } } } }')).toBe(1 + 1 + 9);
    expect(cost('{ found(page: { size: 4 }) { hits { title } facets { name } } }')).toBe(1 + 4 + 20);
    expect(cost('query Q($p: Page!) { found(page: $p) { hits { title } } }', { p: { size: 7 } })).toBe(1 + 7);
    expect(cost('query Q($s: Int) { found(page: { size: $s }) { hits { title } } }', { s: 7 })).toBe(1 + 7);
  });
  it('fields, types and arguments have their weights', () => {
    expect(cost('{ rare { author { name } } }')).toBe(51);
    expect(cost('{ book(deep: true) { title } }')).toBe(8);
    expect(cost('{ map { scale owner { name } } }')).toBe(4 + 9);
  });
  it('an interface weighs as much as the heaviest of its types', () => {
    expect(cost('{ thing { owner { name } } }')).toBe(4 + 9);
  });
});

describe('whatever is written', () => {
  it('fragments count wherever they are spread, and what may be skipped counts too', () => {
    expect(cost('{ a: book { ...f } b: book { ...f } } fragment f on Book { author { name } }')).toBe(4);
    expect(cost('query Q($no: Boolean!) { book @skip(if: true) { author @include(if: $no) { name } } }', { no: false })).toBe(2);
  });
  it('fragments that multiply are counted in no time, and never past an exact number', () => {
    const bomb = Array.from({ length: 40 }, (_, i) => `fragment f${i} on Book { a: related { ...f${i + 1} } b: related { ...f${i + 1} } }`);
    expect(cost(`{ book { ...f0 } } ${bomb.join(' ')} fragment f40 on Book { title }`)).toBe(ENDLESS);
  });
  it('a fragment inside itself is endless', () => {
    expect(cost('{ book { ...f } } fragment f on Book { related { ...f } }')).toBe(ENDLESS);
  });
  it('unknown fields and types are nothing', () => {
    expect(cost('{ unknown { more } ... on Nothing { book { title } } }')).toBe(1);
  });
  it('is the same when it is asked again, and follows the variables', () => {
    const document = parse('query Q($n: Int, $id: ID) { book(id: $id) { title } books(first: $n) { title } }');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    for (const n of [3, 4, 3, 200]) expect(judge(document, operation, { n, id: `${n}` })).toBe(1 + n);
  });
  it('a question for the schema has a price of its own', () => {
    expect(cost(getIntrospectionQuery())).toBe(500);
  });
});
