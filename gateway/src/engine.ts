import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { ClientRequest } from './client-request.js';

/** A validated operation of a client. */
export interface ClientOperation {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

/**
 * What turns an operation over the supergraph into calls of subgraphs. The seam behind which the stock planner and executor are today.
 * Queries and mutations go through Apollo Server, which hosts the engine as its `gateway`.
 */
export interface Engine {
  gateway: NonNullable<ApolloServerOptions<ClientRequest>['gateway']>;
  /** The schema that clients see. */
  apiSchema: GraphQLSchema;
  /** Runs a subscription until `request.signal` fires; a result instead of a stream says why it did not start. */
  subscribe(operation: ClientOperation, request: ClientRequest): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
}
