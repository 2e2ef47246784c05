import { z } from 'zod';
import type { StockLevel } from '../product-index.js';
import { skuKey } from '../sku-ledger.js';
import { bulkWrite, type Seen } from './bulk-write.js';
import type { Engine } from './engine.js';

/** Which SKUs are in stock, as inventory last told; kept beside the products, since both come separately and in any order. */
export interface StockLedger {
  /** What each level came to, in their order, and the SKUs whose availability changed. */
  apply(levels: readonly StockLevel[]): Promise<{ isNew: boolean[]; flipped: string[] }>;
  /** Of these SKUs (as they compare) those in stock, as written up to now. */
  inStock(skus: readonly string[]): Promise<ReadonlySet<string>>;
}

const level = z.object({ in_stock: z.boolean(), version: z.number() });
const documents = z.object({
  docs: z.array(
    z.object({
      _id: z.string(),
      found: z.boolean().optional(),
      _source: level.optional(),
      _seq_no: z.number().optional(),
      _primary_term: z.number().optional(),
    }),
  ),
});

interface Known {
  isInStock: boolean;
  version: number;
  seen: Seen;
}

export function stockLedgerIn(engine: Engine, index: string): StockLedger {
  const read = async (skus: readonly string[]): Promise<Map<string, Known>> => {
    if (skus.length === 0) return new Map();
    const { docs } = documents.parse(await engine.client.mget({ index, ids: [...skus] }, engine.forWrite()));
    return new Map(
      docs.flatMap(({ _id, found, _source, _seq_no, _primary_term }) =>
        found && _source && _seq_no !== undefined && _primary_term !== undefined
          ? [[_id, { isInStock: _source.in_stock, version: _source.version, seen: { seqNo: _seq_no, primaryTerm: _primary_term } }]]
          : [],
      ),
    );
  };
  /** Writes what is newer; whoever wrote meanwhile is read again. Returns the SKUs that were written, and whether they changed. */
  const advance = async (newest: Map<string, StockLevel>): Promise<Map<string, { isFlipped: boolean }>> => {
    const done = new Map<string, { isFlipped: boolean }>();
    for (let left = newest; left.size > 0;) {
      const known = await read([...left.keys()]);
      const newer = [...left].filter(([sku, { version }]) => version > (known.get(sku)?.version ?? -Infinity));
      const outcomes = await bulkWrite(
        engine,
        index,
        newer.map(([sku, { inStock, version }]) => {
          return { kind: 'replace', id: sku, seen: known.get(sku)?.seen ?? null, document: { in_stock: inStock, version } };
        }),
      );
      newer.forEach(([sku, { inStock }], at) => {
        if (outcomes[at] === 'written') done.set(sku, { isFlipped: inStock !== (known.get(sku)?.isInStock ?? false) });
      });
      left = new Map(newer.filter((_, at) => outcomes[at] === 'refused'));
    }
    return done;
  };
  return {
    inStock: async (skus) => new Set([...(await read(skus))].filter(([, { isInStock }]) => isInStock).map(([sku]) => sku)),
    apply: async (levels) => {
      const newest = new Map<string, StockLevel>();
      for (const given of levels) {
        const sku = skuKey(given.sku);
        if (given.version > (newest.get(sku)?.version ?? -Infinity)) newest.set(sku, given);
      }
      const done = await advance(newest);
      const isNew = levels.map((given) => newest.get(skuKey(given.sku)) === given && done.has(skuKey(given.sku)));
      return { isNew, flipped: [...done].filter(([, { isFlipped }]) => isFlipped).map(([sku]) => sku) };
    },
  };
}
