import { GraphQLError } from 'graphql';
import { withDeadline } from '@shop/platform/lifecycle';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { claimsOf, type ClientRequest } from './client-request.js';
import type { Engine } from './engine.js';
import { createGraphEngine, type GraphEngineOptions } from './engine/graph-engine.js';
import type { SubgraphFetcher } from './engine/subgraph-fetcher.js';
import type { AuthorizationOptions } from './engine/plan-cache.js';

/** How long an event of a subscription may take to be completed over the other subgraphs. */
const EVENT_TIMEOUT_MS = 10_000;

export interface CompiledEngineOptions {
  /** Left out: security directives are for subgraphs to enforce. */
  authorization?: AuthorizationOptions<ClientRequest>;
}

/** Our own executor behind the seam: plans compiled once (`engine/`). Throws when the supergraph cannot be loaded. */
export function createCompiledEngine(
  supergraphSdl: string,
  transports: ReadonlyMap<string, SubgraphTransport>,
  options: CompiledEngineOptions = {},
): Engine {
  const fetchers = new Map([...transports].map(([name, transport]) => [name, subgraphFetcher(transport)]));
  return engineOver({ supergraphSdl, fetchers, ...options });
}

/** The same, whatever its subgraphs are reached by. */
export function engineOver(options: GraphEngineOptions<ClientRequest>): Engine {
  const engine = createGraphEngine(options);
  return {
    apiSchema: engine.apiSchema,
    execute: (operation, request) => engine.execute(operation, request, request.signal),
    subscribe: (operation, request) =>
      engine.subscribe(operation, request, request.signal, async (complete) => {
        using deadline = withDeadline(request.signal, EVENT_TIMEOUT_MS);
        return await complete({ ...request, deadlineAtMs: Date.now() + EVENT_TIMEOUT_MS }, deadline.signal);
      }),
  };
}

/** A subgraph as the engine reaches it: with the client's claims in a sealed envelope. */
function subgraphFetcher(transport: SubgraphTransport): SubgraphFetcher<ClientRequest> {
  return {
    execute: async (body, request, signal) => {
      try {
        return await transport.execute(body, claimsOf(request), signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new GraphQLError('A part of the shop did not answer in time.', { extensions: { code: 'TIMEOUT' } });
      }
    },
    subscribe: (body, request, signal) => transport.subscribe(body, claimsOf(request), signal),
  };
}
