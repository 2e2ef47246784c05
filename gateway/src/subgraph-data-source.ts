import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError } from 'graphql';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { claimsOf, type ClientRequest } from './client-request.js';

/** One subgraph as Apollo's executor sees it. A subgraph that cannot answer in time is an error of its fields, not of the response. */
export function subgraphDataSource(transport: SubgraphTransport): GraphQLDataSource {
  return {
    process: async ({ request, context }) => {
      const client = context as ClientRequest;
      const body = { query: request.query ?? '', variables: request.variables, operationName: request.operationName };
      try {
        return (await transport.execute(body, claimsOf(client), client.signal)) as Awaited<ReturnType<GraphQLDataSource['process']>>;
      } catch (error) {
        if (!client.signal.aborted) throw error;
        throw new GraphQLError('A part of the shop did not answer in time.', { extensions: { code: 'TIMEOUT' } });
      }
    },
  };
}
