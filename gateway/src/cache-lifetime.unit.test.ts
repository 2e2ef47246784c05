import { buildSchema, getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { cacheLifetime } from './cache-lifetime.js';

const supergraph = `
  directive @join__type(graph: String, key: String) repeatable on OBJECT | INTERFACE | UNION
  directive @cacheControl(maxAge: Int!, scope: Scope! = PUBLIC) on FIELD_DEFINITION
  enum Scope { PUBLIC PRIVATE }
  type Query @join__type(graph: "a") {
    book: Book @cacheControl(maxAge: 60)
    shelf: Shelf! @cacheControl(maxAge: 300)
    mine: Book @cacheControl(maxAge: 60, scope: PRIVATE)
    silent: Book
    thing: Thing @cacheControl(maxAge: 60)
    word: String
  }
  type Mutation @join__type(graph: "a") { burn: Book @cacheControl(maxAge: 60) }
  type Book implements Named @join__type(graph: "a", key: "id") @join__type(graph: "b", key: "id") {
    id: ID! @cacheControl(maxAge: 60)
    title: String @cacheControl(maxAge: 20)
    price: Price @cacheControl(maxAge: 30)
    stock: Int
    never: Int @cacheControl(maxAge: 0)
  }
  type Shelf @join__type(graph: "a") { nodes: [Book!]! size: Int }
  type Price @join__type(graph: "a") @join__type(graph: "b") { amount: Int }
  interface Named @join__type(graph: "a") { title: String }
  type Film implements Named @join__type(graph: "a", key: "id") { id: ID! title: String @cacheControl(maxAge: 10) }
  union Thing @join__type(graph: "a") = Book | Film
`;
const lifetime = cacheLifetime(buildSchema(supergraph), supergraph);
const secondsOf = (text: string) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  return operation ? lifetime(document, operation) : null;
};

test.each([
  ['the least of all fields counts', '{ book { id title } }', 20],
  ['also of those in fragments', '{ book { id ...F } } fragment F on Book { ... on Named { title } }', 10],
  ['and of other roots', '{ a: book { id } shelf { size } }', 60],
  ['fields of values take the word of what they belong to', '{ book { price { amount } } shelf { size } }', 30],
  ['and entities inside of values do not', '{ shelf { nodes { stock } } }', 0],
  ['a field without a word makes the answer nobody’s to keep', '{ book { id stock } }', 0],
  ['so does a root without one', '{ silent { id } }', 0],
  ['and a leaf at the root', '{ book { id } word }', 0],
  ['and a field for its viewer alone', '{ mine { id } }', 0],
  ['and one that may not be kept at all', '{ book { never } }', 0],
  ['every type counts that a value may be of', '{ thing { ... on Named { title } ... on Book { id } } }', 10],
  ['the name of a type says nothing', '{ __typename book { __typename id } }', 60],
  ['alone it is not kept', '{ __typename }', 0],
  ['mutations are never kept', 'mutation { burn { id } }', 0],
])('%s', (_, text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});
