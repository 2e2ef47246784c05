import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { hashOf, readManifest } from './manifest.js';
import { persist } from './persist.js';

const operationsOf = (...texts: string[]) => {
  const persisted = persist(texts.map((text, index) => ({ file: `${index}.graphql`, text })));
  if (persisted.kind === 'faulty') throw new Error(persisted.faults.join());
  const read = readManifest('f', persisted.text);
  return read.kind === 'read' ? [...read.manifest.byId.values()] : [];
};
const faultsOf = (...texts: string[]) => {
  const persisted = persist(texts.map((text, index) => ({ file: `${index}.graphql`, text })));
  return persisted.kind === 'faulty' ? persisted.faults : [];
};

test('each operation has a document of its own, with the fragments that it needs and no others', () => {
  const operations = operationsOf(
    'query B { me { ...Name } } mutation A { signOut }',
    'fragment Name on User { ...Mail displayName } fragment Mail on User { email } fragment Other on User { id }',
  );
  expect(operations.map(({ name, type }) => [name, type])).toEqual([
    ['A', 'mutation'],
    ['B', 'query'],
  ]);
  const [, b] = operations.map(({ body }) => body);
  expect(b).toContain('fragment Mail on User');
  expect(b).not.toContain('Other');
  expect(getOperationAST(parse(b ?? ''))?.name?.value).toBe('B');
});

test('ids are hashes of the bodies, to which nothing was added', () => {
  const [operation] = operationsOf('query A { me { id } }');
  expect(operation).toEqual({
    id: hashOf('query A {\n  me {\n    id\n  }\n}'),
    name: 'A',
    type: 'query',
    body: 'query A {\n  me {\n    id\n  }\n}',
  });
});

test('neither lay-out nor comments nor the order of files changes the manifest', () => {
  expect(operationsOf('query A{me{...F}}', 'fragment F on User{id}', 'query B{me{id}}')).toEqual(
    operationsOf('# one\nquery B { me { id } }', 'fragment F on User { id }', 'query A { me { ...F } }'),
  );
});

test.each([
  ['no operation', ['fragment F on User { id }'], 'There is no operation to persist.'],
  ['an operation without a name', ['{ me { id } }'], '0.graphql: an operation has no name'],
  ['a name that is taken', ['query A { me { id } }', 'query A { me { email } }'], '1.graphql: the operation A is in 0.graphql too'],
  ['a fragment that is nowhere', ['query A { me { ...F } }'], '0.graphql: A needs the fragment F, which is nowhere'],
  ['a text that is no GraphQL', ['query A { me { id } }\nquery'], '0.graphql:2: Syntax Error: Expected "{", found <EOF>.'],
])('refuses %s', (_, texts, fault) => {
  expect(faultsOf(...texts)).toEqual([fault]);
});
