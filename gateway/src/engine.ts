import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { ClientRequest } from './client-request.js';
import type { GraphEngine } from './engine/graph-engine.js';
import type { IncrementalResult } from './engine/graph-engine.js';
import type { LivePlanned } from './engine/live/live-plan.js';

/** A validated operation of a client. */
export interface ClientOperation {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

export type EnginePlans = Pick<GraphEngine<ClientRequest>, 'warm' | 'mostUsed' | 'planCounts' | 'entityCounts'>;

/**
 * What turns an operation over the supergraph into calls of subgraphs: our own executor of compiled plans, or Apollo's. Both doors ask it.
 * Disposing of it frees what it holds beside memory.
 */
export interface Engine extends AsyncDisposable {
  /** The schema that clients see. */
  apiSchema: GraphQLSchema;
  /** Runs a query or a mutation, until `request.signal` fires at the latest. Errors are as subgraphs told them: the doors mask them. */
  execute(operation: ClientOperation, request: ClientRequest): Promise<ExecutionResult>;
  /** What is known of its plans; Apollo's executor tells nothing. */
  plans?: EnginePlans;
  /** The same for a client that takes deferred parts later. */
  executeIncrementally(operation: ClientOperation, request: ClientRequest): Promise<IncrementalResult>;
  /** A subscription, for the hub to follow. */
  planLive(operation: ClientOperation, request: ClientRequest): Promise<LivePlanned<ClientRequest>>;
}
