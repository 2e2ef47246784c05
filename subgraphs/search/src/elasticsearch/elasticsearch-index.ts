import { z } from 'zod';
import type { ProductIndex } from '../product-index.js';
import { connectEngine, type EngineOptions } from './engine.js';
import { ensureLiveIndex, type IndexNames } from './live-index.js';
import { searchProducts, type Ask } from './product-search.js';
import { suggestProducts } from './product-suggestions.js';
import { productWrites } from './product-writes.js';
import { stockLedgerIn } from './stock-ledger.js';
import { published } from './text-clause.js';

export interface ElasticsearchOptions extends EngineOptions {
  /** Begins the names of all indices; `shop`. */
  prefix?: string;
  /** Copies of each index beside the first; 0. */
  replicas?: number;
}

export function namesOf({ prefix = 'shop' }: Pick<ElasticsearchOptions, 'prefix'>): IndexNames {
  return { products: `${prefix}-products`, stock: `${prefix}-stock` };
}

/**
 * A product index in Elasticsearch 8, shared by all processes. Connects when it is first used; the indices are made when there are none. A
 * search that takes longer than its deadline throws.
 */
export function openElasticsearchIndex(options: ElasticsearchOptions): ProductIndex {
  const engine = connectEngine(options);
  const names = namesOf(options);
  const currencies = new Set<string>();
  const made = onceDone(() => ensureLiveIndex(engine, names, options.replicas ?? 0));
  const refresh = coalesced(async () => void (await engine.client.indices.refresh({ index: names.products }, engine.forWrite())));
  const writes = productWrites({ engine, index: names.products, stock: stockLedgerIn(engine, names.stock), refresh });
  const searching = async <T>(work: (ask: Ask) => Promise<T>): Promise<T> => {
    await made();
    const deadline = engine.forSearch();
    return work((request) => engine.client.search({ index: names.products, ...request }, deadline));
  };
  const upsertAll: ProductIndex['upsertAll'] = async (products) => (await made(), writes.upsert(products));
  const applyStockAll: ProductIndex['applyStockAll'] = async (levels) => (await made(), writes.applyStock(levels));
  return {
    upsertAll,
    applyStockAll,
    upsert: async (product) => (await upsertAll([product]))[0] ?? 'stale',
    applyStock: async (level) => (await applyStockAll([level]))[0] ?? 'stale',
    remove: async (id, version) => (await made(), writes.remove(id, version)),
    search: (request) => searching((ask) => searchProducts(ask, currencies, request)),
    suggest: (prefix, limit) => searching((ask) => suggestProducts(ask, prefix, limit)),
    count: async () => {
      await made();
      return z
        .object({ count: z.number() })
        .parse(await engine.client.count({ index: names.products, query: published }, engine.forSearch())).count;
    },
    refresh: async () => {
      await made();
      await refresh();
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** Runs `work` until it has succeeded once. */
function onceDone<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= work().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };
}

/** Whoever asks while `work` runs waits for the next run, together with all who ask meanwhile: it covers what they did before. */
function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}
