import { z } from 'zod';
import { IndexUnavailable, type ProductIndex } from '../product-index.js';
import { connectEngine, isAway, type EngineOptions } from './engine.js';
import { ensureLiveIndex, markComplete, type IndexNames, type LiveIndex } from './live-index.js';
import { searchProducts, type Ask } from './product-search.js';
import { suggestProducts } from './product-suggestions.js';
import { productWrites } from './product-writes.js';
import { rebuildBeside } from './rebuild-beside.js';
import { coalesced, gathered, onceDone } from './shared-work.js';
import { stockLedgerIn } from './stock-ledger.js';
import { published } from './text-clause.js';

export interface ElasticsearchOptions extends EngineOptions {
  /** Begins the names of all indices; `shop`. */
  prefix?: string;
  /** Copies of each index beside the first; 0. */
  replicas?: number;
}

/** When everything was copied so lately, by whichever process, it is not done again. */
const COPIED_LATELY_MS = 10 * 60_000;

/**
 * A product index in Elasticsearch 8, shared by all processes. Connects when it is first used; the indices are made when there are none.
 * An index that was made by another definition than this one is replaced by the next `fill`, which builds a new one beside it.
 */
export function openElasticsearchIndex(options: ElasticsearchOptions): ProductIndex {
  const { prefix = 'shop', replicas = 0 } = options;
  const engine = connectEngine(options);
  const names: IndexNames = { products: `${prefix}-products`, stock: `${prefix}-stock` };
  const currencies = new Set<string>();
  const live = () => ensureLiveIndex(engine, names, replicas);
  const made = onceDone(live);
  const refresh = coalesced(async () => void (await engine.client.indices.refresh({ index: names.products }, engine.forWrite())));
  const stock = stockLedgerIn(engine, names.stock);
  const writes = productWrites({ engine, index: names.products, stock, refresh });
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await made();
      return await work();
    } catch (cause) {
      throw isAway(cause) ? new IndexUnavailable('Elasticsearch does not answer.', { cause }) : cause;
    }
  };
  const searching = <T>(work: (ask: Ask) => Promise<T>): Promise<T> =>
    reach(() => {
      const deadline = engine.forSearch();
      return work((request) => engine.client.search({ index: names.products, ...request }, deadline));
    });
  const upsertAll: ProductIndex['upsertAll'] = (products) => reach(() => writes.upsert(products));
  const applyStockAll: ProductIndex['applyStockAll'] = (levels) => reach(() => writes.applyStock(levels));
  const replace = (known: LiveIndex, copy: Parameters<ProductIndex['fill']>[0]) =>
    rebuildBeside({
      engine,
      names,
      replicas,
      live: known,
      copyInto: (index) => copy({ upsertAll: productWrites({ engine, index, stock, refresh }).upsert, applyStockAll: writes.applyStock }),
    });
  return {
    upsertAll,
    applyStockAll,
    upsert: gathered(upsertAll),
    applyStock: gathered(applyStockAll),
    remove: (id, version) => reach(() => writes.remove(id, version)),
    search: (request) => searching((ask) => searchProducts(ask, currencies, request)),
    suggest: (typed, limit) => searching((ask) => suggestProducts(ask, typed, limit)),
    isFilled: () => reach(async () => (await live()).isComplete),
    fill: (copy, { again = false } = {}) =>
      reach(async () => {
        const known = await live();
        if (!known.isCurrent) return replace(known, copy);
        if (!again && known.isComplete && Date.now() - (known.copiedAtMs ?? 0) < COPIED_LATELY_MS) return;
        await copy({ upsertAll, applyStockAll });
        await markComplete(engine, known.name);
      }),
    count: () =>
      reach(async () => {
        const answer = await engine.client.count({ index: names.products, query: published }, engine.forSearch());
        return z.object({ count: z.number() }).parse(answer).count;
      }),
    refresh: () => reach(refresh),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
