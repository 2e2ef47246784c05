import type { SeedProduct } from '@shop/catalog/seed';

/** A product of one variant; the SKU is the slug in capitals. */
export function product(slug: string, overrides: Partial<SeedProduct> & { priceMinor?: number } = {}): SeedProduct {
  const { priceMinor = 1000, ...rest } = overrides;
  return {
    id: `product-${slug}`,
    slug,
    name: slug,
    description: `About ${slug}.`,
    brand: null,
    status: 'PUBLISHED',
    taxClass: 'STANDARD',
    categoryIds: [],
    images: [],
    attributes: [],
    options: [],
    variants: [variant(slug.toUpperCase(), priceMinor)],
    createdAt: new Date('2026-03-01T12:00:00.000Z'),
    ...rest,
  };
}

/** Weighs 100 g, costs euros. */
export function variant(sku: string, priceMinor: number): SeedProduct['variants'][number] {
  return {
    id: `variant-${sku}`,
    sku,
    name: sku,
    optionValues: [],
    price: { amountMinor: priceMinor, currency: 'EUR' },
    compareAtPrice: null,
    weightGrams: 100,
  };
}
