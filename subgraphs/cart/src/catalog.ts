import { inProcessCache, type Cache } from '@shop/platform/cache';
import type { EventBus } from '@shop/platform/event-bus';
import type { RequestContext } from '@shop/platform/request-context';
import { subgraphClient } from '@shop/platform/subgraph-client';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { productChanged } from '@shop/events/catalog';
import { VariantsBySkuDocument, type VariantsBySkuQuery } from '@shop/generated/catalog/graphql';
import { z } from 'zod';
import { seenVariant, type SeenVariant } from './cart.js';
import type { TaxClass } from './tax.js';

/** The catalog as a cart needs it: published variants by SKU, all at once. A SKU that is not in the answer is not sold. */
export interface Catalog extends Disposable {
  /** At most 30 s old, usually younger than the last product-changed. Throws SERVICE_UNAVAILABLE. */
  variants(skus: readonly string[], context: RequestContext): Promise<ReadonlyMap<string, SeenVariant>>;
  /** As they are now. Throws SERVICE_UNAVAILABLE. */
  freshVariants(skus: readonly string[], context: RequestContext): Promise<ReadonlyMap<string, SeenVariant>>;
}

const TTL_MS = 30_000;
const MAX_CACHED = 10_000;
const cachedVariant = z.object({ variant: seenVariant.nullable() });

/** Reads from the catalog subgraph through a cache of single SKUs that hears of changed products. */
export function catalogOf(transport: SubgraphTransport, bus: EventBus, cache: Cache = inProcessCache(MAX_CACHED)): Catalog {
  const client = subgraphClient({ target: 'catalog', transport });
  const freshVariants: Catalog['freshVariants'] = async (skus, context) => {
    if (skus.length === 0) return new Map();
    const { variantsBySku } = await client.read(VariantsBySkuDocument, { skus: [...skus] }, context);
    return new Map(variantsBySku.map((variant) => [variant.sku, seenOf(variant)]));
  };
  const listening = bus.listen([productChanged.type], (event) => void forget(cache, event.data));
  return {
    freshVariants,
    variants: async (skus, context) => {
      const load = oneReadForAll((missing) => freshVariants(missing, context));
      const found = await Promise.all(
        skus.map(
          async (sku) => [sku, await cache.fetch(keyOf(sku), TTL_MS, async () => ({ variant: await load(sku) }), cachedVariant)] as const,
        ),
      );
      return new Map(found.flatMap(([sku, { variant }]) => (variant ? [[sku, variant]] : [])));
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  };
}

/** Whatever is asked for before the process turns to something else is read together; a cache asks for what it lacks key by key. */
function oneReadForAll<T>(read: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>): (key: string) => Promise<T | null> {
  let next: { keys: string[]; answer: Promise<ReadonlyMap<string, T>> } | null = null;
  const begin = () => {
    const keys: string[] = [];
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      next = null;
      return read(keys);
    });
    return { keys, answer };
  };
  return async (key) => {
    const batch = (next ??= begin());
    batch.keys.push(key);
    return (await batch.answer).get(key) ?? null;
  };
}

async function forget(cache: Cache, data: unknown): Promise<void> {
  const product = productChanged.data.safeParse(data);
  for (const { sku } of product.data?.variants ?? []) await cache.invalidate(keyOf(sku));
}

/** Ends in what no SKU holds, so that no key is the beginning of another. */
function keyOf(sku: string): string {
  return `${sku}\n`;
}

function seenOf({ name, price, weightGrams, taxClass, product }: VariantsBySkuQuery['variantsBySku'][number]): SeenVariant {
  return { productName: product.name, variantName: name, unitPrice: price, weightGrams, taxClass: taxClassOf(taxClass) };
}

/** A class that is not known here is taxed in full. */
function taxClassOf(name: string): TaxClass {
  const known = name.toLowerCase();
  return known === 'reduced' || known === 'zero' ? known : 'standard';
}
