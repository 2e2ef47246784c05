import { z } from 'zod';
import type { Sql } from '@shop/platform/sql';
import { newId } from '@shop/platform/ids';
import type { WarehouseSettings } from './config.js';

/** Creates warehouses that are new and renames the others; the order of the list is their priority. Repeatable. */
export async function saveWarehouses(sql: Sql, warehouses: readonly WarehouseSettings[]): Promise<void> {
  await sql.run(
    `insert into warehouse (id, code, name, country, priority)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[])
     on conflict (code) do update set name = excluded.name, country = excluded.country, priority = excluded.priority`,
    [
      warehouses.map(() => newId()),
      warehouses.map(({ code }) => code),
      warehouses.map(({ name }) => name),
      warehouses.map(({ country }) => country),
      warehouses.map((_, index) => index),
    ],
  );
}

/** Ids by code; an unknown code is left out. */
export async function warehouseIds(sql: Sql, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.rows(
    z.object({ id: z.string(), code: z.string() }),
    `select id, code from warehouse where code = any($1::text[])`,
    [codes],
  );
  return new Map(rows.map(({ id, code }) => [code, id]));
}
