import type { GraphQLDataSource } from '@apollo/gateway';
import type { SubgraphFetcher } from '../engine/subgraph-fetcher.js';

/** One subgraph as Apollo's executor sees it. A subgraph that cannot answer in time is an error of its fields, not of the response. */
export function subgraphDataSource<C>(fetcher: SubgraphFetcher<C>): GraphQLDataSource {
  return {
    process: async ({ request: { query = '', variables = {}, operationName }, context: given }) => {
      const { context, signal } = given as { context: C; signal: AbortSignal };
      const answer = await fetcher.execute({ query, variables: { ...variables }, operationName }, context, signal);
      return answer as Awaited<ReturnType<GraphQLDataSource['process']>>;
    },
  };
}
