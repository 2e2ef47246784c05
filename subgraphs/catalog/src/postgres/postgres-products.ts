import type { Database } from '@shop/platform/database';
import { z } from 'zod';
import { Product } from '../product.entity.js';
import { productRow } from '../product-rows.js';
import { claiming, type ProductCriteria, type ProductOrder, type ProductStore } from '../product.store.js';

// Reads go past the ORM: making managed entities of products costs more than all the rest of a request.

/** Every column, named as the entity names it. */
const columns = `_id, slug, name, description, brand, status, tax_class as "taxClass", category_ids as "categoryIds", images, attributes,
  options, variants as "variantRecords", skus, variant_ids as "variantIds", currency, min_price_minor as "minPriceMinor",
  max_price_minor as "maxPriceMinor", name_key as "nameKey", version, published_version as "publishedVersion",
  created_at as "createdAt", updated_at as "updatedAt"`;

/** Products as rows of a table in PostgreSQL. */
export function postgresProducts(db: Database): ProductStore {
  const find: ProductStore['find'] = async ({ ids, slugs, skus, variantIds }) => {
    const named = [
      { condition: '_id = any', values: ids },
      { condition: 'slug = any', values: slugs },
      { condition: 'skus &&', values: skus },
      { condition: 'variant_ids &&', values: variantIds },
    ].flatMap(({ condition, values }) => (values?.length ? [{ condition, values }] : []));
    if (named.length === 0) return [];
    const where = named.map(({ condition }, index) => `${condition} ($${index + 1}::text[])`).join(' or ');
    return db.rows(
      productRow,
      `select ${columns} from product where ${where}`,
      named.map(({ values }) => values),
    );
  };
  return {
    find,
    page: (criteria, { column, direction }, after, limit) => {
      const { conditions, values } = whereOf(criteria);
      const by = orderColumns[column];
      if (after) {
        conditions.push(`(${by}, _id) ${direction === 'asc' ? '>' : '<'} ($${values.length + 1}, $${values.length + 2})`);
        values.push(after.value, after.id);
      }
      return db.rows(
        productRow,
        `select ${columns} from product where ${conditions.join(' and ')} order by ${by} ${direction}, _id ${direction} limit ${limit}`,
        values,
      );
    },
    count: async (criteria) => {
      const { conditions, values } = whereOf(criteria);
      const text = `select count(*)::int as n from product where ${conditions.join(' and ')}`;
      const [row] = await db.rows(z.object({ n: z.number() }), text, values);
      return row?.n ?? 0;
    },
    insert: (product) =>
      claiming(find, product._id, product, async () => {
        await db.em().insert(Product, product);
        return { kind: 'written' };
      }),
    replace: (id, expectedVersion, document, now) =>
      claiming(find, id, document, async () => {
        const change = { ...document, version: expectedVersion + 1, updatedAt: now };
        const written = await db.em().nativeUpdate(Product, { _id: id, version: expectedVersion }, change);
        return { kind: written === 1 ? 'written' : 'version-differs' };
      }),
    due: (limit) =>
      db.rows(productRow, `select ${columns} from product where published_version < version order by updated_at limit $1`, [limit]),
    markPublished: async ({ _id, version, publishedVersion }) =>
      void (await db.em().nativeUpdate(Product, { _id, publishedVersion }, { publishedVersion: version })),
  };
}

const orderColumns: Record<ProductOrder['column'], string> = {
  createdAt: 'created_at',
  nameKey: 'name_key',
  minPriceMinor: 'min_price_minor',
};

function whereOf({ categoryIds, brand, status, updatedAfter }: ProductCriteria): { conditions: string[]; values: unknown[] } {
  const wanted: [condition: string, value: unknown][] = [
    ['status =', status],
    ['category_ids && ', categoryIds],
    ['brand =', brand],
    ['updated_at >', updatedAfter],
  ];
  const given = wanted.filter(([, value]) => value != null);
  return {
    conditions: ['true', ...given.map(([condition], index) => `${condition} $${index + 1}`)],
    values: given.map(([, value]) => value),
  };
}
