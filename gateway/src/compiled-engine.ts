import { actorOf } from '@shop/platform/viewer';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { claimsOf, type ClientRequest } from './client-request.js';
import type { Engine } from './engine.js';
import { createGraphEngine, type GraphEngine, type GraphEngineOptions } from './engine/graph-engine.js';
import type { LiveFields } from './engine/live/live-field.js';
import type { SubgraphFetcher } from './engine/subgraph-fetcher.js';
import type { AuthorizationOptions } from './engine/plan-cache.js';
import { plannerShare } from './planner-share.js';
import { createStockEngine } from './stock/stock-engine.js';

/** Ours take up to 10 ms. */
export const PLANNING = { deadlineMs: 2_000, maxWaiting: 100 };

export interface CompiledEngineOptions {
  /** Left out: security directives are for subgraphs to enforce. */
  authorization?: AuthorizationOptions<ClientRequest>;
  /** Left out: nothing is known of root fields of Subscription. */
  liveFields?: LiveFields;
}

/** Our own executor behind the seam: plans compiled once (`engine/`). Throws when the supergraph cannot be loaded. */
export function createCompiledEngine(
  supergraphSdl: string,
  fetchers: ReadonlyMap<string, SubgraphFetcher<ClientRequest>>,
  options: CompiledEngineOptions = {},
): Engine {
  return engineOver({ supergraphSdl, fetchers, planning: PLANNING, ...options });
}

/** The same with Apollo's executor in place of ours. */
export function createApolloEngine(
  supergraphSdl: string,
  fetchers: ReadonlyMap<string, SubgraphFetcher<ClientRequest>>,
  options: CompiledEngineOptions = {},
): Engine {
  return engineOver({ supergraphSdl, fetchers, planning: PLANNING, ...options }, createStockEngine);
}

type CreateEngine = (options: GraphEngineOptions<ClientRequest>) => GraphEngine<ClientRequest>;

/** The same, whatever its subgraphs are reached by. */
export function engineOver(options: GraphEngineOptions<ClientRequest>, create: CreateEngine = createGraphEngine): Engine {
  const engine = create({ overrides: { requestKey }, askerOf: plannerShare, ...options });
  return {
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
    apiSchema: engine.apiSchema,
    execute: (operation, request) => engine.execute(operation, request, request.signal),
    executeIncrementally: (operation, request) => engine.executeIncrementally(operation, request, request.signal),
    planLive: engine.planLive,
    plans: engine,
  };
}

/** Fields that move to another subgraph by and by move once for everybody. */
function requestKey({ viewer, clientAddress }: ClientRequest): string {
  const actor = actorOf(viewer);
  return actor === 'guest' ? `${actor} at ${clientAddress}` : actor;
}

/** A subgraph as the engine reaches it: with the client's claims in a sealed envelope. */
export function subgraphFetcher(transport: SubgraphTransport): SubgraphFetcher<ClientRequest> {
  return {
    execute: (body, request, signal) => transport.execute(body, claimsOf(request), signal),
    subscribe: (body, request, signal) => transport.subscribe(body, claimsOf(request), signal),
  };
}
