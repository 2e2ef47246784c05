import { stockChanged } from '@shop/events/inventory';
import type { InventoryContext } from './context.js';
import { readAvailability } from './availability.store.js';

/** What became of one SKU; `known` null when it was never in stock. */
export interface StockNews {
  sku: string;
  known: { available: number; safetyStock: number } | null;
  at: Date;
}

/**
 * The state of each SKU now, then whenever it changes. A SKU that changes faster than its news are taken has only the newest kept. Ends,
 * and stops listening, when the request's signal fires.
 */
export async function* followStock(skus: readonly string[], context: InventoryContext): AsyncGenerator<StockNews, void, void> {
  const wanted = new Set(skus);
  const versions = new Map<string, number>();
  const changed = new Set<string>(wanted);
  let wake = () => {};
  const stop = () => wake();
  using _listening = context.bus.listen([stockChanged.type], ({ aggregateId }) => {
    if (!wanted.has(aggregateId)) return;
    changed.add(aggregateId);
    wake();
  });
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    while (!context.signal.aborted) {
      const due = [...changed];
      changed.clear();
      if (due.length > 0) yield* newsOf(due, versions, context);
      if (changed.size === 0) await nextWake();
    }
  } finally {
    context.signal.removeEventListener('abort', stop);
  }

  function nextWake(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      if (context.signal.aborted || changed.size > 0) resolve();
    });
  }
}

/** Reads the truth instead of trusting a message, and leaves out what was told before. */
async function* newsOf(
  skus: readonly string[],
  versions: Map<string, number>,
  { db, clock }: InventoryContext,
): AsyncGenerator<StockNews, void, void> {
  const current = await readAvailability(db, skus);
  for (const sku of skus) {
    const known = current.get(sku) ?? null;
    if (known && versions.get(sku) === known.version) continue;
    if (known) versions.set(sku, known.version);
    yield { sku, known, at: known?.changedAt ?? clock.now() };
  }
}
