import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { z } from 'zod';
import type { Sql } from '@shop/platform/sql';
import { Warehouse } from './warehouse.entity.js';

@ObjectType()
export class StockLevel {
  @Field(() => Warehouse)
  warehouse!: Warehouse;

  @Field(() => Int)
  onHand!: number;

  @Field(() => Int)
  reserved!: number;

  @Field(() => Int)
  available!: number;
}

@Directive('@key(fields: "sku")')
@ObjectType({ description: 'One SKU over all warehouses. Staff only.' })
export class InventoryItem {
  @Field(() => String)
  sku!: string;

  @Field(() => Int)
  onHand!: number;

  @Field(() => Int)
  reserved!: number;

  @Field(() => Int)
  available!: number;

  @Field(() => Int, { description: 'LOW_STOCK from here downwards.' })
  safetyStock!: number;

  @Directive('@listSize(assumedSize: 4)')
  @Field(() => [StockLevel])
  levels!: StockLevel[];
}

const levelRow = z.object({
  sku: z.string(),
  safety_stock: z.number(),
  on_hand: z.number().nullable(),
  reserved: z.number().nullable(),
  warehouse: z.object({ id: z.string(), code: z.string(), name: z.string(), country: z.string(), priority: z.number() }).nullable(),
});

/** Items with all their levels, in one statement; SKUs that were never in stock are left out. */
export async function readItems(sql: Sql, skus: readonly string[]): Promise<Map<string, InventoryItem>> {
  const rows = await sql.rows(
    levelRow,
    `select i.sku, i.safety_stock, l.on_hand, l.reserved, to_jsonb(w) as warehouse
     from stock_item i left join stock_level l on l.sku = i.sku left join warehouse w on w.id = l.warehouse_id
     where i.sku = any($1::text[]) order by i.sku, w.priority, w.code`,
    [skus],
  );
  return new Map([...Map.groupBy(rows, ({ sku }) => sku)].map(([sku, levels]) => [sku, itemOf(sku, levels)]));
}

function itemOf(sku: string, rows: readonly z.output<typeof levelRow>[]): InventoryItem {
  const levels = rows.flatMap(levelOf);
  const total = (pick: (level: StockLevel) => number) => levels.reduce((sum, level) => sum + pick(level), 0);
  return Object.assign(new InventoryItem(), {
    sku,
    safetyStock: rows[0]?.safety_stock ?? 0,
    onHand: total((level) => level.onHand),
    reserved: total((level) => level.reserved),
    available: total((level) => level.available),
    levels,
  });
}

function levelOf({ on_hand, reserved, warehouse }: z.output<typeof levelRow>): StockLevel[] {
  if (on_hand === null || reserved === null || warehouse === null) return [];
  return [
    Object.assign(new StockLevel(), {
      warehouse: Object.assign(new Warehouse(), warehouse),
      onHand: on_hand,
      reserved,
      available: on_hand - reserved,
    }),
  ];
}
