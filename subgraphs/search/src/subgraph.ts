import { systemClock, type Clock } from '@shop/platform/clock';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema, type FederatedSchema } from '@shop/platform/federated-schema';
import { serviceUnavailable } from '@shop/platform/graphql-errors';
import type { Logger } from '@shop/platform/logger';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { subgraphClient } from '@shop/platform/subgraph-client';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { DEFAULT_PAGE_TIMEOUT_MS, DEFAULT_REBUILD_BACKOFF_MS, type SearchConfig } from './config.js';
import { openElasticsearchIndex } from './elasticsearch/elasticsearch-index.js';
import { followEvents } from './index-feed.js';
import { openMiniSearchIndex } from './mini-search-index.js';
import type { ProductIndex } from './product-index.js';
import { startRebuild } from './rebuild.js';
import { SearchResolver } from './search.resolver.js';
import { SuggestionResolver } from './suggestion.resolver.js';

export type { SearchConfig } from './config.js';
export { subscriptions as searchSubscriptions } from './events.js';

export interface SearchParts {
  bus: EventBus;
  logger: Logger;
  clock?: Clock;
  catalog: SubgraphTransport;
  inventory: SubgraphTransport;
}

/** The schema alone, for printing. */
export function searchSchema(): FederatedSchema {
  return buildFederatedSchema({ resolvers: [SearchResolver, SuggestionResolver] });
}

/**
 * Starts search over its index: filled from catalog and inventory, then kept up to date by their events. Returns when the index is filled
 * or after the first attempt to fill it; when that failed, it is not ready, answers SERVICE_UNAVAILABLE and tries on.
 */
export async function startSearch(config: SearchConfig, parts: SearchParts): Promise<RunningSubgraph> {
  const { bus, logger, clock = systemClock } = parts;
  const timeoutMs = config.pageTimeoutMs ?? DEFAULT_PAGE_TIMEOUT_MS;
  const index = openIndex(config);
  const feed = followEvents({ bus, index, logger, isOwn: config.elasticsearchUrl === undefined, onMissed: () => rebuild.again() });
  const rebuild = startRebuild({
    index,
    catalog: subgraphClient({ target: 'catalog', transport: parts.catalog, timeoutMs }),
    inventory: subgraphClient({ target: 'inventory', transport: parts.inventory, timeoutMs }),
    backoffMs: config.rebuildBackoffMs ?? DEFAULT_REBUILD_BACKOFF_MS,
    logger,
  });
  const completeIndex = () => {
    if (!rebuild.isComplete()) throw serviceUnavailable('Search');
    return index;
  };
  const server = await startSubgraphServer({
    name: 'search',
    schema: searchSchema(),
    envelopeSecrets: config.envelopeSecrets,
    context: (request) => ({ ...request, completeIndex, clock }),
    ready: async () => void completeIndex(),
    logger,
  });
  await rebuild.firstAttempt;
  return {
    server,
    settle: feed.settle,
    [Symbol.asyncDispose]: async () => {
      for (const part of [server, rebuild, feed, index]) await part[Symbol.asyncDispose]();
    },
  };
}

function openIndex({ elasticsearchUrl: url, elasticsearchPrefix: prefix = 'shop', searchTimeoutMs = 1_000 }: SearchConfig): ProductIndex {
  return url === undefined ? openMiniSearchIndex() : openElasticsearchIndex({ url, prefix, searchTimeoutMs });
}
