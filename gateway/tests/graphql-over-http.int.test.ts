import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './gateway-kit.js';

describe('the GraphQL over HTTP specification', () => {
  let served: TestGateway;
  beforeAll(async () => {
    // Two of the audits ask for a type of the schema.
    served = await startTestGateway({ introspection: true });
  });
  afterAll(() => served[Symbol.asyncDispose]());

  it('is kept in all 61 audits of graphql-http, while forms and images of other sites are refused', async () => {
    const withPreflight = (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), 'apollo-require-preflight': 'true' } });
    const results = await auditServer({ url: served.url, fetchFn: withPreflight });
    const unmet = results.filter(({ status }) => status !== 'ok').map(({ id, name, status }) => `${id} ${status}: ${name}`);
    expect(unmet).toEqual([]);
    expect(results).toHaveLength(61);
    expect((await fetch(`${served.url}?query={__typename}`)).status).toBe(400);
  });

  it.each([
    ['application/graphql-response+json', 400, 'application/graphql-response+json'],
    ['application/graphql-response+json, application/json;q=0.9', 400, 'application/graphql-response+json'],
    ['application/json', 200, 'application/json'],
    ['*/*', 400, 'application/json'],
  ])('answers a document that is not valid to a client that accepts %s with %i', async (accept, status, type) => {
    for (const query of ['{', '{ nothingOfThatName }', 'query Q($id: ID!) { parcel(id: $id) { name } }']) {
      const headers = { 'content-type': 'application/json', accept };
      const answer = await fetch(served.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      expect(answer.status, query).toBe(status);
      expect(answer.headers.get('content-type'), query).toContain(type);
    }
  });

  it('answers a limit with 400 to every client', async () => {
    const body = JSON.stringify({ query: `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: carriers`).join(' ')} }` });
    for (const accept of ['application/json', 'application/graphql-response+json'])
      expect((await fetch(served.url, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body })).status).toBe(400);
  });
});
