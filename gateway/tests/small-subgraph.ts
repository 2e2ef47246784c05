import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { startSubgraphServer, type SubgraphServer } from '@shop/platform/subgraph-server';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';

/** A subgraph of a few lines behind the real server; resolvers get the request as their context. */
export function startSmallSubgraph(name: string, sdl: string, resolvers: object = {}): Promise<SubgraphServer> {
  return startSubgraphServer({
    name,
    schema: { sdl, schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]) },
    envelopeSecrets: [TEST_SECRET],
    context: (request) => request,
    ready: async () => undefined,
    logger: quietLogger,
  });
}
