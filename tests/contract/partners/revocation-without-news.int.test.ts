import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startGateway } from '@shop/gateway';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport } from '@shop/platform/subgraph-transport';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { as, dataOf, quietLogger, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { until } from '@shop/tests/kit/until';
import { startUsers, usersSchema } from '@shop/users';
import { bearer } from './partners.kit.js';

const disposables = new AsyncDisposableStack();
const issuedSchema = z.object({ createApiClient: z.object({ apiKey: z.string(), client: z.object({ id: z.string() }) }) });
const admin = userViewer(undefined, ['users:write'], ['admin']);
let users: RunningSubgraph;
let url: string;

beforeAll(async () => {
  const database = disposables.use(await createTestDatabase());
  const bus = disposables.use(inProcessBus({ logger: quietLogger }));
  users = disposables.use(await startUsers({ databaseUrl: database.url, envelopeSecrets: [TEST_SECRET] }, { bus, logger: quietLogger }));
  const { supergraphSdl = '' } = composeServices([{ name: 'users', url: 'http://users', typeDefs: parse(usersSchema().sdl) }]);
  const gateway = disposables.use(
    await startGateway(
      testGatewayConfig({
        supergraphSdl,
      }),
      { transports: new Map([['users', directTransport(users.server, TEST_SECRET)]]), logger: quietLogger },
    ),
  );
  url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
});
afterAll(() => disposables.disposeAsync());

test('a gateway that nobody tells of a revoked key finds out by itself, on both doors', async () => {
  const { apiKey, client } = await issued();
  const ask = async () => {
    const headers = { 'content-type': 'application/json', ...bearer(apiKey) };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: '{ __typename }' }) })).status;
  };
  const closed = Promise.withResolvers<unknown>();
  const socket = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: bearer(apiKey),
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => undefined,
    on: { closed: closed.resolve },
  });
  await socket.iterate({ query: '{ __typename }' }).next();
  expect(await ask()).toBe(200);

  expect(await dataOf(as(users, admin)('mutation ($id: ID!) { revokeApiClient(id: $id) }', { id: client.id }))).toEqual({
    revokeApiClient: true,
  });
  expect(await until(async () => ((await ask()) === 401 ? 401 : null), { what: 'the key to stop' })).toBe(401);
  expect(await closed.promise).toMatchObject({ code: 4403 });
});

async function issued() {
  const mutation = `mutation { createApiClient(input: { name: "P", manifest: "p", scopes: [], mode: OFF }) {
    ... on ApiClientSecret { apiKey client { id } } } }`;
  return issuedSchema.parse(await dataOf(as(users, admin)(mutation))).createApiClient;
}
