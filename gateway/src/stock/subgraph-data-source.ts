import type { GraphQLDataSource } from '@apollo/gateway';
import type { SubgraphFetcher } from '../engine/subgraph-fetcher.js';
import type { StockRequest } from './stock-operation.js';

/** One subgraph as Apollo's executor sees it. A subgraph that cannot answer in time is an error of its fields, not of the response. */
export function subgraphDataSource<C>(fetcher: SubgraphFetcher<C>): GraphQLDataSource<StockRequest<C>> {
  return {
    process: async (options) => {
      if (!('incomingRequestContext' in options)) throw new Error('Subgraphs are asked only for a client.');
      const { query = '', variables = {}, operationName } = options.request;
      const { context, signal } = options.context;
      return fetcher.execute({ query, variables: { ...variables }, operationName }, context, signal);
    },
  };
}
