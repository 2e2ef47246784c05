import type { MikroORM } from '@mikro-orm/core';
import type { MongoDriver } from '@mikro-orm/mongodb';
import { z } from 'zod';
import { Product } from '../product.entity.js';
import { productRow } from '../product-rows.js';
import { claiming, type ProductCriteria, type ProductStore } from '../product.store.js';
import { checkedFilter, type Filter } from './indexes.js';
import { reaching } from './mongo-connection.js';

/** A document, whose variants have the name of PostgreSQL's column. */
const productDocument = z.preprocess((document) => {
  const { variants, ...fields } = z.looseObject({ variants: z.unknown() }).parse(document);
  return { ...fields, variantRecords: variants };
}, productRow);

/**
 * Products as documents in MongoDB. Beside what the entity has, a document has `sent` when its newest version was published: no index can
 * compare two fields, and what is due has to be found without reading everything.
 */
export function mongoProducts(orm: MikroORM<MongoDriver>): ProductStore {
  const collection = () => orm.em.getConnection().getCollection<{ _id: string }>('product');
  const read = async (filter: Filter, sort: Record<string, 1 | -1>, limit: number): Promise<Product[]> => {
    const documents = await reaching(orm, () => collection().find(checkedFilter(filter)).sort(sort).limit(limit).toArray());
    return documents.map((document) => productDocument.parse(document));
  };
  // One statement for each kind of key: an `$or` over them is answered from the indexes by some servers only.
  const find: ProductStore['find'] = async ({ ids, slugs, skus, variantIds }) => {
    const named = Object.entries({ _id: ids, slug: slugs, skus, variantIds }).filter(([, values]) => values?.length);
    const found = await Promise.all(named.map(([field, values]) => read({ [field]: { $in: [...(values ?? [])] } }, {}, 0)));
    return [...new Map(found.flat().map((product) => [product._id, product])).values()];
  };
  const reach = <T>(statement: () => Promise<T>): Promise<T> => reaching(orm, statement);
  return {
    find,
    page: (criteria, { column, direction }, after, limit) => {
      const step = direction === 'asc' ? 1 : -1;
      const beyond = direction === 'asc' ? '$gt' : '$lt';
      const value = after && (column === 'createdAt' ? new Date(after.value) : after.value);
      const behind = after ? [{ $or: [{ [column]: { [beyond]: value } }, { [column]: value, _id: { [beyond]: after.id } }] }] : [];
      return read({ $and: [whereOf(criteria), ...behind] }, { [column]: step, _id: step }, limit);
    },
    count: (criteria) => reach(() => collection().countDocuments(checkedFilter(whereOf(criteria)))),
    insert: (product) =>
      claiming(find, product._id, product, async () => {
        await reach(() => orm.em.fork().insert(Product, product));
        return { kind: 'written' };
      }),
    replace: (id, expectedVersion, { variantRecords, ...document }, now) =>
      claiming(find, id, { ...document }, async () => {
        const change = { ...document, variants: variantRecords, version: expectedVersion + 1, updatedAt: now };
        const filter = checkedFilter({ _id: id, version: expectedVersion });
        const { matchedCount } = await reach(() => collection().updateOne(filter, { $set: change, $unset: { sent: '' } }));
        return { kind: matchedCount === 1 ? 'written' : 'version-differs' };
      }),
    due: (limit) => read({ sent: null }, { updatedAt: 1 }, limit),
    markPublished: async ({ _id, version, publishedVersion }) => {
      const mark = (filter: Filter, fields: Filter) =>
        reach(() => collection().updateOne(checkedFilter({ _id, publishedVersion, ...filter }), { $set: fields }));
      const newest = await mark({ version }, { publishedVersion: version, sent: true });
      // Else it changed meanwhile, and stays due.
      if (newest.matchedCount === 0) await mark({}, { publishedVersion: version });
    },
  };
}

function whereOf({ categoryIds, brand, status, updatedAfter }: ProductCriteria): Filter {
  return {
    ...(status != null && { status }),
    ...(categoryIds != null && { categoryIds: { $in: [...categoryIds] } }),
    ...(brand != null && { brand }),
    ...(updatedAfter != null && { updatedAt: { $gt: updatedAfter } }),
  };
}
