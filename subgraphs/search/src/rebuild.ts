import { ProductPagesDocument } from '@shop/generated/catalog/graphql';
import { StockPositionsDocument } from '@shop/generated/inventory/graphql';
import { pause } from '@shop/platform/lifecycle';
import type { Logger } from '@shop/platform/logger';
import type { RequestContext } from '@shop/platform/request-context';
import { serviceContext, type SubgraphClient } from '@shop/platform/subgraph-client';
import { productOfCatalog, stockOf } from './product-copy.js';
import type { ProductIndex } from './product-index.js';

const PRODUCTS_PER_PAGE = 100;
const POSITIONS_PER_PAGE = 1_000;

export interface RebuildOptions {
  index: ProductIndex;
  catalog: SubgraphClient;
  inventory: SubgraphClient;
  /** Waits between attempts, in ms; the last one repeats. */
  backoffMs: readonly number[];
  logger: Logger;
}

/** The copying of everything that catalog and inventory have into an index. Disposing gives it up. */
export interface Rebuild extends AsyncDisposable {
  /** Resolves after the first attempt, complete or not. */
  firstAttempt: Promise<void>;
  isComplete(): boolean;
}

/** Starts at once and tries again until it is complete. What is newer in the index already, by an event, stays. */
export function startRebuild(options: RebuildOptions): Rebuild {
  const stopping = new AbortController();
  let complete = false;
  const attempt = async (): Promise<void> => {
    complete = await copyAll(options, stopping.signal);
  };
  const firstAttempt = attempt();
  const untilComplete = async (): Promise<void> => {
    await firstAttempt;
    for (let failures = 1; !complete && !stopping.signal.aborted; failures++) {
      await pause(options.backoffMs[Math.min(failures, options.backoffMs.length) - 1] ?? 1_000, stopping.signal);
      if (!stopping.signal.aborted) await attempt();
    }
  };
  const ended = untilComplete();
  return {
    firstAttempt,
    isComplete: () => complete,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** False when catalog or inventory could not be read to the end. */
async function copyAll({ index, catalog, inventory, logger }: RebuildOptions, signal: AbortSignal): Promise<boolean> {
  const context = serviceContext('search', ['catalog:read-all', 'stock:read'], signal);
  try {
    await Promise.all([copyProducts(index, catalog, context), copyStock(index, inventory, context)]);
    await index.refresh();
    logger.info({ count: await index.count() }, 'index rebuilt');
    return true;
  } catch (err) {
    if (!signal.aborted) logger.warn({ err }, 'index not rebuilt, trying again');
    return false;
  }
}

async function copyProducts(index: ProductIndex, catalog: SubgraphClient, context: RequestContext): Promise<void> {
  let after: string | null = null;
  do {
    const { products } = await readProducts(catalog, after, context);
    for (const product of products.nodes) await index.upsert(productOfCatalog(product));
    after = products.pageInfo.hasNextPage ? (products.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
}

async function copyStock(index: ProductIndex, inventory: SubgraphClient, context: RequestContext): Promise<void> {
  let after: string | null = null;
  do {
    const { stockPositions } = await readPositions(inventory, after, context);
    for (const position of stockPositions) await index.applyStock(stockOf(position));
    after = stockPositions.length < POSITIONS_PER_PAGE ? null : (stockPositions.at(-1)?.sku ?? null);
  } while (after !== null);
}

function readProducts(catalog: SubgraphClient, after: string | null, context: RequestContext) {
  return catalog.read(ProductPagesDocument, { first: PRODUCTS_PER_PAGE, after }, context);
}

function readPositions(inventory: SubgraphClient, after: string | null, context: RequestContext) {
  return inventory.read(StockPositionsDocument, { first: POSITIONS_PER_PAGE, after }, context);
}
