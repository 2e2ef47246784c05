import type { IndexedProduct, StockLevel } from './product-index.js';

/** Which products have a SKU, and whether it can be bought: stock and products come separately and in any order. */
export class SkuLedger {
  readonly #levels = new Map<string, { inStock: boolean; version: number }>();
  readonly #products = new Map<string, Set<string>>();

  add({ id, variants }: IndexedProduct): void {
    for (const { sku } of variants) {
      const ids = this.#products.get(skuKey(sku));
      if (ids === undefined) this.#products.set(skuKey(sku), new Set([id]));
      else ids.add(id);
    }
  }

  /** Takes back one `add`; what is known of the SKUs' stock stays. */
  release({ id, variants }: IndexedProduct): void {
    for (const { sku } of variants) {
      const ids = this.#products.get(skuKey(sku));
      ids?.delete(id);
      if (ids?.size === 0) this.#products.delete(skuKey(sku));
    }
  }

  /** False, and without effect, when as new a level is known. */
  setLevel({ sku, inStock, version }: StockLevel): boolean {
    const known = this.#levels.get(skuKey(sku));
    if (known !== undefined && known.version >= version) return false;
    this.#levels.set(skuKey(sku), { inStock, version });
    return true;
  }

  /** Whether any variant can be bought. */
  isInStock({ variants }: IndexedProduct): boolean {
    return variants.some(({ sku }) => this.#levels.get(skuKey(sku))?.inStock === true);
  }

  /** The products that have exactly this SKU, in any case. */
  productsWith(sku: string): ReadonlySet<string> {
    return this.#products.get(skuKey(sku)) ?? none;
  }
}

const none: ReadonlySet<string> = new Set();

/** What SKUs compare by: no case, no blanks around. */
export function skuKey(sku: string): string {
  return sku.trim().toLowerCase();
}
