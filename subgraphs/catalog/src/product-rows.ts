import { z } from 'zod';
import { Product } from './product.entity.js';

// Reads go past the ORM: making managed entities of products costs more than all the rest of a request.

/** Every column, named as the entity names it. */
export const productColumns = `_id, slug, name, description, brand, status, tax_class as "taxClass", category_ids as "categoryIds", images, attributes,
  options, variants as "variantRecords", skus, variant_ids as "variantIds", currency, min_price_minor as "minPriceMinor",
  max_price_minor as "maxPriceMinor", name_key as "nameKey", version, published_version as "publishedVersion",
  created_at as "createdAt", updated_at as "updatedAt"`;

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
