import { z } from 'zod';
import type { ApplyOutcome, IndexedProduct, StockLevel } from '../product-index.js';
import { skuKey } from '../sku-ledger.js';
import { bulkWrite, type WriteAction } from './bulk-write.js';
import type { Engine } from './engine.js';
import { whileSwitching } from './live-index.js';
import { documentOf, externalVersion, tombstone } from './product-document.js';
import type { StockLedger } from './stock-ledger.js';

export interface ProductWrites {
  upsert(products: readonly IndexedProduct[]): Promise<ApplyOutcome[]>;
  remove(id: string, version: number): Promise<ApplyOutcome>;
  applyStock(levels: readonly StockLevel[]): Promise<ApplyOutcome[]>;
}

export interface ProductWritesParts {
  engine: Engine;
  /** The index, or an alias of it. */
  index: string;
  stock: StockLedger;
  /** Resolves when all that was written is findable. */
  refresh(): Promise<void>;
}

const documents = z.object({
  docs: z.array(
    z.object({
      found: z.boolean().optional(),
      _id: z.string(),
      _source: z.object({ skus: z.array(z.string()), in_stock: z.boolean() }).optional(),
      _seq_no: z.number().optional(),
      _primary_term: z.number().optional(),
    }),
  ),
});
const hitIds = z.object({ hits: z.object({ hits: z.array(z.object({ _id: z.string() })) }) });

const PRODUCTS_AT_ONCE = 500;
const SKUS_AT_ONCE = 1_000;

/**
 * Writes to the index of products. A product goes in under its own version, so that a late one is refused by the engine. Whether it is in
 * stock is worked out from the ledger of SKUs after every write of either, on the document as it was read: of two writers that meet, one
 * is refused and looks again.
 */
export function productWrites({ engine, index, stock, refresh }: ProductWritesParts): ProductWrites {
  const settleStock = async (productIds: readonly string[]): Promise<void> => {
    for (let left = productIds; left.length > 0;) {
      const answer = await engine.client.mget({ index, ids: [...left], _source: ['skus', 'in_stock'] }, engine.forWrite());
      const docs = documents.parse(answer).docs;
      const available = await stock.inStock([...new Set(docs.flatMap(({ _source }) => _source?.skus ?? []))]);
      const changes = docs.flatMap(({ _id, _source, _seq_no, _primary_term }): WriteAction[] => {
        if (!_source || _seq_no === undefined || _primary_term === undefined) return [];
        const isInStock = _source.skus.some((sku) => available.has(sku));
        if (isInStock === _source.in_stock) return [];
        return [{ kind: 'change', id: _id, seen: { seqNo: _seq_no, primaryTerm: _primary_term }, fields: { in_stock: isInStock } }];
      });
      const outcomes = await whileSwitching(() => bulkWrite(engine, index, changes));
      left = changes.filter((_, at) => outcomes[at] === 'refused').map(({ id }) => id);
    }
  };
  const put = async (products: readonly IndexedProduct[]): Promise<ApplyOutcome[]> => {
    const skus = new Set(products.flatMap(({ variants }) => variants.map(({ sku }) => skuKey(sku))));
    const available = await stock.inStock([...skus]);
    const actions = products.map((product): WriteAction => {
      const isInStock = product.variants.some(({ sku }) => available.has(skuKey(sku)));
      return { kind: 'put', id: product.id, version: externalVersion(product.version), document: documentOf(product, isInStock) };
    });
    const outcomes = await whileSwitching(() => bulkWrite(engine, index, actions));
    const written = products.filter(({ status }, at) => outcomes[at] === 'written' && status === 'PUBLISHED').map(({ id }) => id);
    // A level that arrived after the look at the ledger did not find this product to change.
    await settleStock(written);
    return outcomes.map((outcome) => (outcome === 'written' ? 'applied' : 'stale'));
  };
  const idsWith = async (skus: readonly string[]): Promise<string[]> => {
    const query = { terms: { skus: [...skus] } };
    return hitIds
      .parse(await engine.client.search({ index, query, size: 10_000, _source: false }, engine.forWrite()))
      .hits.hits.map(({ _id }) => _id);
  };
  return {
    upsert: (products) => inPortions(products, PRODUCTS_AT_ONCE, put),
    remove: async (id, version) => {
      const action: WriteAction = { kind: 'put', id, version: externalVersion(version), document: tombstone(id, version) };
      const [outcome] = await whileSwitching(() => bulkWrite(engine, index, [action]));
      return outcome === 'written' ? 'applied' : 'stale';
    },
    applyStock: (all) =>
      inPortions(all, SKUS_AT_ONCE, async (levels) => {
        const { isNew, flipped } = await stock.apply(levels);
        if (flipped.length > 0) {
          // Products that were written a moment ago have to be found as well.
          await refresh();
          await inPortions(await idsWith(flipped), PRODUCTS_AT_ONCE, async (ids) => (await settleStock(ids), []));
        }
        return isNew.map((applied) => (applied ? 'applied' : 'stale'));
      }),
  };
}

async function inPortions<T, R>(all: readonly T[], size: number, work: (portion: readonly T[]) => Promise<readonly R[]>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += size) results.push(...(await work(all.slice(from, from + size))));
  return results;
}
