import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { claimsOf, quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import type { RequestContext } from '../src/request-context.js';
import { startSubgraphServer } from '../src/subgraph-server.js';
import { httpTransport } from '../src/subgraph-transport.js';
import { anonymous } from '../src/viewer.js';

const sdl = 'type Query { forever: String }';
const claims = (deadlineInMs: number) => claimsOf(anonymous, { deadlineAtMs: Date.now() + deadlineInMs });

/** A subgraph that works until it is told to stop, and how it was told. */
async function working() {
  const stopped = Promise.withResolvers<unknown>();
  const begun = Promise.withResolvers<void>();
  const forever = (_: unknown, __: unknown, { signal }: RequestContext) =>
    new Promise((resolve) => {
      begun.resolve();
      signal.addEventListener('abort', () => {
        stopped.resolve(signal.reason);
        resolve(null);
      });
    });
  const server = await startSubgraphServer({
    name: 'working',
    schema: { sdl, schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: { Query: { forever } } }]) },
    envelopeSecrets: [TEST_SECRET],
    context: (request) => request,
    ready: async () => undefined,
    logger: quietLogger,
  });
  const transport = httpTransport(`http://127.0.0.1:${await server.listen(0)}`, TEST_SECRET);
  return {
    transport,
    begun: begun.promise,
    stopped: stopped.promise,
    [Symbol.asyncDispose]: async () => {
      await transport[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

it('a subgraph stops working for a caller that has left', async () => {
  await using subgraph = await working();
  const leaving = new AbortController();
  const asked = subgraph.transport.execute({ query: '{ forever }' }, claims(60_000), leaving.signal);
  await subgraph.begun;
  leaving.abort(new Error('left'));
  await expect(asked).rejects.toThrow('left');
  expect(await subgraph.stopped).toMatchObject({ message: 'The caller has left.' });
});

it('a subgraph stops working at the deadline that its caller told', async () => {
  await using subgraph = await working();
  expect(await subgraph.transport.execute({ query: '{ forever }' }, claims(2_000), AbortSignal.any([]))).toMatchObject({
    data: { forever: null },
  });
  expect(await subgraph.stopped).toMatchObject({ name: 'TimeoutError' });
});
