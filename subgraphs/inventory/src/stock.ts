/** How much of a SKU lies in one warehouse. */
export interface Level {
  warehouseId: string;
  /** Warehouses with a lower number are emptied first. */
  priority: number;
  onHand: number;
  reserved: number;
}

/** One SKU over all warehouses. */
export interface SkuStock {
  sku: string;
  safetyStock: number;
  /** Rises by one whenever the available quantity changes. */
  version: number;
  levels: readonly Level[];
}

export interface QuantityOfSku {
  sku: string;
  quantity: number;
}

/** A quantity of a SKU in one warehouse. */
export interface Allocation extends QuantityOfSku {
  warehouseId: string;
}

export interface Shortage {
  sku: string;
  requested: number;
  available: number;
}

export type AvailabilityCode = 'IN_STOCK' | 'LOW_STOCK' | 'OUT_OF_STOCK';

export function availableAt(level: Pick<Level, 'onHand' | 'reserved'>): number {
  return level.onHand - level.reserved;
}

export function availableOf(stock: Pick<SkuStock, 'levels'>): number {
  return stock.levels.reduce((sum, level) => sum + availableAt(level), 0);
}

/** LOW_STOCK from the safety stock downwards. */
export function availabilityCode(available: number, safetyStock: number): AvailabilityCode {
  if (available <= 0) return 'OUT_OF_STOCK';
  return available <= safetyStock ? 'LOW_STOCK' : 'IN_STOCK';
}

/** True when a change made the available quantity fall to the safety stock or below. */
export function fellToSafetyStock(before: number, after: number, safetyStock: number): boolean {
  return before > safetyStock && after <= safetyStock;
}

/** One line a SKU, in the order of first mention. */
export function sumPerSku(lines: readonly QuantityOfSku[]): QuantityOfSku[] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums].map(([sku, quantity]) => ({ sku, quantity }));
}

export type AllocationResult = { kind: 'allocated'; parts: Allocation[] } | { kind: 'short'; shortages: Shortage[] };

/**
 * Chooses the warehouses that an order is sent from, all lines or none: the first one by priority that has everything; else for each
 * line the first that has enough of it; else the line is split. `lines` must have each SKU once.
 */
export function allocate(lines: readonly QuantityOfSku[], stocks: ReadonlyMap<string, SkuStock>): AllocationResult {
  const shortages = lines
    .map(({ sku, quantity }) => ({ sku, requested: quantity, available: availableOf(stocks.get(sku) ?? { levels: [] }) }))
    .filter(({ requested, available }) => available < requested);
  if (shortages.length > 0) return { kind: 'short', shortages };
  const single = warehouseForAll(lines, stocks);
  if (single) return { kind: 'allocated', parts: lines.map((line) => ({ ...line, warehouseId: single })) };
  return { kind: 'allocated', parts: lines.flatMap((line) => allocateLine(line, byPriority(stocks.get(line.sku)))) };
}

function warehouseForAll(lines: readonly QuantityOfSku[], stocks: ReadonlyMap<string, SkuStock>): string | null {
  const [first] = lines;
  if (!first) return null;
  const hasAll = ({ warehouseId }: Level) =>
    lines.every(({ sku, quantity }) => {
      const level = stocks.get(sku)?.levels.find((candidate) => candidate.warehouseId === warehouseId);
      return level !== undefined && availableAt(level) >= quantity;
    });
  return byPriority(stocks.get(first.sku)).find(hasAll)?.warehouseId ?? null;
}

function allocateLine({ sku, quantity }: QuantityOfSku, levels: readonly Level[]): Allocation[] {
  const enough = levels.find((level) => availableAt(level) >= quantity);
  if (enough) return [{ sku, quantity, warehouseId: enough.warehouseId }];
  let missing = quantity;
  return levels.flatMap((level) => {
    const taken = Math.min(missing, availableAt(level));
    missing -= taken;
    return taken > 0 ? [{ sku, quantity: taken, warehouseId: level.warehouseId }] : [];
  });
}

function byPriority(stock: SkuStock | undefined): Level[] {
  return (stock?.levels ?? []).toSorted((a, b) => a.priority - b.priority || (a.warehouseId < b.warehouseId ? -1 : 1));
}
