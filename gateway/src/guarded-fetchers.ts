import { GraphQLError } from 'graphql';
import type { ClientRequest } from './client-request.js';
import { inEntityBatches, type EntityBatchOptions } from './engine/entity-batches.js';
import { sharedFetches } from './engine/shared-fetches.js';
import type { SubgraphFetcher } from './engine/subgraph-fetcher.js';
import { defaultResilience, resilientFetcher, type Resilience, type ResilienceCounts } from './resilient-fetcher.js';

/** A subgraph as it is reached. */
export interface FetcherSource {
  fetcher: SubgraphFetcher<ClientRequest>;
  /** Over a network: calls can be lost, and what is behind it may be drowned in them. */
  isRemote: boolean;
}

export interface GuardedFetchers {
  fetchers: ReadonlyMap<string, SubgraphFetcher<ClientRequest>>;
  counts(): FetchCounts;
}

/** Since the start. */
export interface FetchCounts {
  fetches: number;
  /** Of these answered by another one that was under way. */
  shared: number;
  /** Of those that are reached over a network. */
  subgraphs: ReadonlyMap<string, ResilienceCounts>;
}

export interface GuardOptions {
  /** Of the remote ones. */
  resilience?: Resilience;
  /** Throws when one fetch asks for too many entities. */
  judgeBatch?(representations: number): void;
  /** What clients are told of a subgraph by. Left out: as a part of the shop, whichever it is. */
  nameOf?(subgraph: string): string;
}

/** Subgraphs of this platform take twice as many. */
const ENTITIES_OF_A_CALL = 1_000;

/**
 * All subgraphs, each with a breaker and room of its own where it is remote, and identical queries of equal viewers made once. What does not
 * come in time is TIMEOUT.
 */
export function guardedFetchers(
  sources: ReadonlyMap<string, FetcherSource>,
  { resilience = defaultResilience, judgeBatch, nameOf = () => 'A part of the shop' }: GuardOptions = {},
): GuardedFetchers {
  const batches: EntityBatchOptions = { max: ENTITIES_OF_A_CALL, ...(judgeBatch && { judge: judgeBatch }) };
  const deadlineOf = ({ deadlineAtMs }: ClientRequest) => deadlineAtMs;
  const shares = sharedFetches<ClientRequest>({ viewerOf: viewerKey, deadlineOf });
  const remote = new Map(
    [...sources].flatMap(([name, { fetcher, isRemote }]) =>
      isRemote ? [[name, resilientFetcher(fetcher, { ...resilience, name: nameOf(name), deadlineOf })] as const] : [],
    ),
  );
  return {
    fetchers: new Map(
      [...sources].map(([name, { fetcher }]) => [
        name,
        inTime(shares.share(inEntityBatches(remote.get(name) ?? fetcher, batches)), nameOf(name)),
      ]),
    ),
    counts: () => ({ ...shares.counts(), subgraphs: new Map([...remote].map(([name, { counts }]) => [name, counts()])) }),
  };
}

/** Viewers are kept with their credentials, so that most requests of one viewer hold the same object. */
const viewers = new WeakMap<object, string>();

/** Everything of a request that an answer may depend on. */
export function viewerKey({ viewer, locale, authorization, mustBeFresh, requestId }: ClientRequest): string {
  if (mustBeFresh) return requestId;
  const known = viewers.get(viewer) ?? JSON.stringify(viewer);
  viewers.set(viewer, known);
  return `${locale} ${authorization ?? ''} ${known}`;
}

function inTime(fetcher: SubgraphFetcher<ClientRequest>, name: string): SubgraphFetcher<ClientRequest> {
  return {
    execute: (request, context, signal) =>
      fetcher.execute(request, context, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        throw new GraphQLError(`${name} did not answer in time.`, { extensions: { code: 'TIMEOUT' } });
      }),
    subscribe: (request, context, signal) => fetcher.subscribe(request, context, signal),
  };
}
