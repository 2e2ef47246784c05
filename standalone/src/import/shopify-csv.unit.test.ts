import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { SourceItem } from './import-source.js';
import { readShopifyCsv } from './shopify-csv.js';

const header =
  'Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Alt Text';

async function read(...lines: string[]): Promise<SourceItem[]> {
  return Array.fromAsync(readShopifyCsv(Readable.from([`\uFEFF${[header, ...lines].join('\n')}\n`]), 'EUR'));
}

describe('a Shopify export', () => {
  it('gives one product for all rows of a handle, with SKUs made where they are missing', async () => {
    const items = await read(
      'top,Varsity Top,"<p onclick=x()>Grey</p><script>alert(1)</script>",Acme,Tops,"women, sport",true,Size,Small,,300,1,60,75.50,https://img.example/1.jpg,Front',
      'top,,,,,,,,Large,TOP-L,310,0,60.5,,https://img.example/2.jpg,',
    );
    expect(items).toEqual([
      {
        kind: 'product',
        line: 2,
        product: {
          slug: 'top',
          name: 'Varsity Top',
          description: '<p>Grey</p>',
          brand: 'Acme',
          status: 'PUBLISHED',
          categoryPaths: [['Tops']],
          images: [
            { url: 'https://img.example/1.jpg', alt: 'Front' },
            { url: 'https://img.example/2.jpg', alt: 'Varsity Top' },
          ],
          attributes: [
            { name: 'Tag', value: 'women' },
            { name: 'Tag', value: 'sport' },
          ],
          options: [{ name: 'Size', values: ['Small', 'Large'] }],
          variants: [
            {
              sku: 'TOP-SMALL',
              name: 'Small',
              optionValues: [{ name: 'Size', value: 'Small' }],
              price: { amountMinor: 6000, currency: 'EUR' },
              compareAtPrice: { amountMinor: 7550, currency: 'EUR' },
              weightGrams: 300,
              stock: 1,
            },
            {
              sku: 'TOP-L',
              name: 'Large',
              optionValues: [{ name: 'Size', value: 'Large' }],
              price: { amountMinor: 6050, currency: 'EUR' },
              compareAtPrice: null,
              weightGrams: 310,
              stock: 0,
            },
          ],
        },
      },
    ]);
  });

  it('reports each row that cannot be used, by its line, and keeps the rest', async () => {
    const items = await read(
      'a,A,,,,,true,Title,Default Title,,0,1,abc,,,',
      'b,B,,,,,true,Size,S,,0,1,10,,,',
      'b,,,,,,,,M,,0,x,11,,,',
      'c,,,,,,true,,,,0,1,10,,,',
      ',,,,,,,,,,,,,,,',
    );
    expect(
      items.map((item) =>
        item.kind === 'product'
          ? `${item.line} ${item.product.slug} ${item.product.variants.map(({ sku }) => sku).join()}`
          : `${item.line} ${item.message}`,
      ),
    ).toEqual([
      '2 Variant Price "abc" is no price in EUR',
      '4 Variant Inventory Qty "x" is no whole number',
      '3 b B-S',
      '5 Title is missing for c',
      '6 Handle is missing',
    ]);
  });

  it('keeps a product that is not published as a draft', async () => {
    const [item] = await read('a,A,,,,,false,Title,Default Title,,0,1,10,,,');
    expect(item).toMatchObject({ product: { status: 'DRAFT', options: [], variants: [{ sku: 'A', name: 'Standard' }] } });
  });
});
