import { z } from 'zod';
import { event } from './envelope.js';
import { instant, money } from './values.js';

const nameAndValue = z.object({ name: z.string(), value: z.string() });

export const productChanged = event(
  'catalog.product-changed.v1',
  'product',
  'The whole product as it is at `version`; a lower version than one already seen is late and changes nothing.',
  z.object({
    productId: z.string(),
    version: z.int(),
    status: z.enum(['DRAFT', 'PUBLISHED', 'ARCHIVED']),
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    brand: z.string().nullable(),
    /** Each with the slugs from the root of the tree down to itself. */
    categories: z.array(z.object({ slug: z.string(), name: z.string(), path: z.array(z.object({ slug: z.string(), name: z.string() })) })),
    attributes: z.array(nameAndValue),
    options: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
    variants: z.array(
      z.object({
        variantId: z.string(),
        sku: z.string(),
        name: z.string(),
        optionValues: z.array(nameAndValue),
        price: money,
        compareAtPrice: money.nullable(),
        weightGrams: z.int(),
      }),
    ),
    createdAt: instant,
    updatedAt: instant,
  }),
);
