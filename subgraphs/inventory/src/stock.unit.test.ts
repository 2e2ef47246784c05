import { describe, expect, it } from 'vitest';
import { allocate, availabilityCode, availableOf, fellToSafetyStock, sumPerSku, type SkuStock } from './stock.js';

const stock = (sku: string, ...available: number[]): [string, SkuStock] => [
  sku,
  {
    sku,
    safetyStock: 5,
    version: 1,
    levels: available.map((onHand, index) => ({ warehouseId: `w${index}`, priority: index, onHand: onHand + 1, reserved: 1 })),
  },
];

describe('allocation', () => {
  it('takes everything from one warehouse when one has it, even if another comes first', () => {
    const stocks = new Map([stock('a', 5, 5), stock('b', 0, 5)]);
    const lines = [
      { sku: 'a', quantity: 2 },
      { sku: 'b', quantity: 2 },
    ];
    expect(allocate(lines, stocks)).toEqual({ kind: 'allocated', parts: lines.map((line) => ({ ...line, warehouseId: 'w1' })) });
  });

  it('takes each line from the first warehouse that has enough of it when no single one has all', () => {
    const stocks = new Map([stock('a', 1, 5, 9), stock('b', 9, 0, 0)]);
    const lines = [
      { sku: 'a', quantity: 4 },
      { sku: 'b', quantity: 4 },
    ];
    expect(allocate(lines, stocks)).toEqual({
      kind: 'allocated',
      parts: [
        { sku: 'a', quantity: 4, warehouseId: 'w1' },
        { sku: 'b', quantity: 4, warehouseId: 'w0' },
      ],
    });
  });

  it('splits a line in the order of priority as the last resort', () => {
    expect(allocate([{ sku: 'a', quantity: 6 }], new Map([stock('a', 2, 0, 3, 9 - 8)]))).toEqual({
      kind: 'allocated',
      parts: [
        { sku: 'a', quantity: 2, warehouseId: 'w0' },
        { sku: 'a', quantity: 3, warehouseId: 'w2' },
        { sku: 'a', quantity: 1, warehouseId: 'w3' },
      ],
    });
  });

  it('takes nothing when one line is short, and names every line that is', () => {
    const lines = [
      { sku: 'a', quantity: 3 },
      { sku: 'b', quantity: 1 },
      { sku: 'unknown', quantity: 1 },
    ];
    expect(allocate(lines, new Map([stock('a', 1, 1), stock('b', 1)]))).toEqual({
      kind: 'short',
      shortages: [
        { sku: 'a', requested: 3, available: 2 },
        { sku: 'unknown', requested: 1, available: 0 },
      ],
    });
  });
});

describe('stock', () => {
  it('is what is on hand and not reserved, over all warehouses', () => {
    expect(availableOf({ levels: [...stock('a', 2, 3)[1].levels] })).toBe(5);
  });

  it('is low from the safety stock downwards and out at nothing', () => {
    expect([6, 5, 1, 0].map((available) => availabilityCode(available, 5))).toEqual(['IN_STOCK', 'LOW_STOCK', 'LOW_STOCK', 'OUT_OF_STOCK']);
  });

  it('falls to its safety stock only when it was above', () => {
    expect([fellToSafetyStock(6, 5, 5), fellToSafetyStock(5, 4, 5), fellToSafetyStock(4, 6, 5)]).toEqual([true, false, false]);
  });

  it('is asked for once a SKU', () => {
    const lines = [
      { sku: 'a', quantity: 1 },
      { sku: 'b', quantity: 2 },
      { sku: 'a', quantity: 3 },
    ];
    expect(sumPerSku(lines)).toEqual([
      { sku: 'a', quantity: 4 },
      { sku: 'b', quantity: 2 },
    ]);
  });
});
