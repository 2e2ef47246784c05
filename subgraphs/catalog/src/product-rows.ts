import { z } from 'zod';
import { Product } from './product.entity.js';

const nameValue = z.object({ name: z.string(), value: z.string() });
const money = z.object({ amountMinor: z.number(), currency: z.string() });
const variant = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  optionValues: z.array(nameValue),
  price: money,
  compareAtPrice: money.nullable(),
  weightGrams: z.number(),
});

/** A product as a store answers it, its fields named as the entity names them. */
export const productRow = z
  .object({
    _id: z.string(),
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    brand: z.string().nullable(),
    status: z.enum(['DRAFT', 'PUBLISHED', 'ARCHIVED']),
    taxClass: z.enum(['STANDARD', 'REDUCED', 'ZERO']),
    categoryIds: z.array(z.string()),
    images: z.array(z.object({ url: z.string(), alt: z.string(), width: z.number().nullable(), height: z.number().nullable() })),
    attributes: z.array(nameValue),
    options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
    variantRecords: z.array(variant),
    skus: z.array(z.string()),
    variantIds: z.array(z.string()),
    currency: z.string(),
    minPriceMinor: z.number(),
    maxPriceMinor: z.number(),
    nameKey: z.string(),
    version: z.number(),
    publishedVersion: z.number(),
    createdAt: z.coerce.date(),
    updatedAt: z.coerce.date(),
  })
  .transform((row) => Object.assign(new Product(), row));
