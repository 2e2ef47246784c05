import { ProductPagesDocument } from '@shop/generated/catalog/graphql';
import { StockPositionsDocument } from '@shop/generated/inventory/graphql';
import { pause } from '@shop/platform/lifecycle';
import type { Logger } from '@shop/platform/logger';
import type { RequestContext } from '@shop/platform/request-context';
import { serviceContext, type SubgraphClient } from '@shop/platform/subgraph-client';
import { productOfCatalog, stockOf } from './product-copy.js';
import type { IndexFilling, ProductIndex } from './product-index.js';

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
  /** Resolves when the index is known to be filled, or after the first attempt to fill it. */
  firstAttempt: Promise<void>;
  isComplete(): boolean;
  /** Something was missed: everything is to be copied again, as soon as may be. */
  again(): void;
}

/** Starts at once and tries again until it is complete. What is newer in the index already, by an event, stays. */
export function startRebuild(options: RebuildOptions): Rebuild {
  const stopping = new AbortController();
  const known = Promise.withResolvers<void>();
  let isComplete = false;
  let wanted: 'filled' | 'filled-again' | null = 'filled';
  let working: Promise<void> | null = null;

  const attempt = async (): Promise<void> => {
    const again = wanted === 'filled-again';
    wanted = null;
    if (await copyAll(options, again, stopping.signal)) isComplete = true;
    else wanted = again ? 'filled-again' : (wanted ?? 'filled');
    known.resolve();
  };
  const work = async (): Promise<void> => {
    for (let failures = 0; wanted !== null && !stopping.signal.aborted; failures++) {
      if (failures > 0) await pause(options.backoffMs[Math.min(failures, options.backoffMs.length) - 1] ?? 1_000, stopping.signal);
      if (!stopping.signal.aborted) await attempt();
    }
    working = null;
  };
  const first = async (): Promise<void> => {
    isComplete = await options.index.isFilled().catch(() => false);
    if (isComplete) known.resolve();
    await work();
  };
  working = first();
  return {
    firstAttempt: known.promise,
    isComplete: () => isComplete,
    again: () => {
      wanted = 'filled-again';
      working ??= work();
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await working;
    },
  };
}

/** False when catalog or inventory could not be read to the end, or the index not be written. */
async function copyAll({ index, catalog, inventory, logger }: RebuildOptions, again: boolean, signal: AbortSignal): Promise<boolean> {
  const context = serviceContext('search', ['catalog:read-all', 'stock:read'], signal);
  const copy = async (into: IndexFilling) => {
    // Stock first: a product then goes in once, as it is, and needs no change when its stock comes.
    await copyStock(into, inventory, context);
    await copyProducts(into, catalog, context);
  };
  try {
    await index.fill(copy, { again });
    await index.refresh();
    logger.info({ count: await index.count() }, 'index rebuilt');
    return true;
  } catch (err) {
    if (!signal.aborted) logger.warn({ err }, 'index not rebuilt, trying again');
    return false;
  }
}

/** While one page is written the next one is read. */
async function copyProducts(into: IndexFilling, catalog: SubgraphClient, context: RequestContext): Promise<void> {
  const read = async (after: string | null) => (await readProducts(catalog, after, context)).products;
  let page = await read(null);
  for (;;) {
    const { nodes, pageInfo } = page;
    const isLast = !pageInfo.hasNextPage || pageInfo.endCursor == null;
    const [next] = await Promise.all([isLast ? null : read(pageInfo.endCursor ?? null), into.upsertAll(nodes.map(productOfCatalog))]);
    if (!next) return;
    page = next;
  }
}

async function copyStock(into: IndexFilling, inventory: SubgraphClient, context: RequestContext): Promise<void> {
  const read = async (after: string | null) => (await readPositions(inventory, after, context)).stockPositions;
  let positions = await read(null);
  for (;;) {
    const last = positions.length < POSITIONS_PER_PAGE ? null : positions.at(-1);
    const [next] = await Promise.all([last ? read(last.sku) : null, into.applyStockAll(positions.map(stockOf))]);
    if (!next) return;
    positions = next;
  }
}

function readProducts(catalog: SubgraphClient, after: string | null, context: RequestContext) {
  return catalog.read(ProductPagesDocument, { first: PRODUCTS_PER_PAGE, after }, context);
}

function readPositions(inventory: SubgraphClient, after: string | null, context: RequestContext) {
  return inventory.read(StockPositionsDocument, { first: POSITIONS_PER_PAGE, after }, context);
}
