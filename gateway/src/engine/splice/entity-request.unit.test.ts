import type { FetchNode } from '@apollo/query-planner';
import { expect, it } from 'vitest';
import { compileEntityRequest } from './entity-request.js';

const fetch = (operationName?: string) => ({ operation: 'query "ü" { a }', operationName }) as FetchNode;
const texts = ['{"__typename":"A","id":"1"}', '{"__typename":"A","id":"ü\\""}'];
const representations = texts.map((text) => JSON.parse(text) as unknown);

it.each([
  [undefined, {}],
  ['Name', {}],
  [undefined, { first: 3, filter: { name: '"x"' } }],
])('is written as JSON.stringify writes it (%s, %o)', (operationName, variables) => {
  const request = compileEntityRequest(fetch(operationName))({ ...variables }, texts.join(','), texts.length);
  const expected = { query: 'query "ü" { a }', variables: { ...variables, representations }, operationName };
  expect(request.text).toBe(JSON.stringify(expected));
  expect(JSON.stringify(request)).toBe(request.text);
  expect(request.variables).toEqual(expected.variables);
  expect(request.entities).toBe(2);
});
