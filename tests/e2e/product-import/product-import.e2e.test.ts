import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, checkOut, guestCart, placeOrder, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { stockOf } from '../../kit/views.js';

const shop = await startTestShop();
const folder = await mkdtemp(join(tmpdir(), 'shop-import-'));
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
const staff = await shop.signedIn('staff@shop.example');

const importer = fileURLToPath(import.meta.resolve('@shop/standalone/import')).replace(/src\/import\.ts$/, 'dist/import.js');

const CSV = `Handle,Title,Body (HTML),Vendor,Product Category,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Status
wool-hat,Wool Hat,"<p>Warm, <b>soft</b>.</p><script>alert(1)</script>",Nordwolle,Apparel > Hats,"winter, wool",true,Size,S,HAT-S,120,5,19.90,24.90,,active
wool-hat,,,,,,,,M,HAT-M,125,2,19.90,,,
clay-pot,Clay Pot,,Töpferei,Home > Garden,,true,Title,Default Title,POT-1,900,10,1.2.3,,,active
clay-cup,Clay Cup,,Töpferei,Home > Kitchen,,true,Title,Default Title,CUP-1,300,4,8.50,,,draft
`;
const NDJSON = [
  {
    slug: 'tin-robot',
    name: 'Tin Robot',
    categories: [['Toys']],
    variants: [{ sku: 'ROBOT-1', price: '34.00', weightGrams: 400, stock: 1 }],
  },
  { slug: 'no-price', name: 'No Price', variants: [{ sku: 'NONE-1' }] },
]
  .map((line) => JSON.stringify(line))
  .join('\n')
  .concat('\nthis is no JSON\n');

const PRODUCT = `query Product($slug: String!) { product(slug: $slug) { name description brand inStock categories { name }
  variants { sku price { amountMinor currency } compareAtPrice { amountMinor } availability { status } } } }`;

/** Runs the importer as `npm run import` does. */
async function runImport(file: string, environment: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, SHOP_URL: shop.url, ...environment };
    execFile(process.execPath, [importer, file], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

describe('a product file', () => {
  it('of a Shopify export is in the shop afterwards, its bad rows named, and a repeat changes nothing', async () => {
    const file = join(folder, 'export.csv');
    await writeFile(file, CSV);
    const first = await runImport(file);
    expect(first.output).toContain('line 4: Variant Price "1.2.3" is no price in EUR');
    expect(first.output).toContain('2 created, 0 updated, 0 unchanged, 1 failed');
    expect(first.code).toBe(1);
    await shop.settle();
    expect(await shop.guest.get(PRODUCT, { slug: 'wool-hat' })).toMatchObject({
      name: 'Wool Hat',
      description: expect.not.stringContaining('script'),
      brand: 'Nordwolle',
      inStock: true,
      variants: [
        { sku: 'HAT-S', price: { amountMinor: 1990, currency: 'EUR' }, compareAtPrice: { amountMinor: 2490 } },
        { sku: 'HAT-M', price: { amountMinor: 1990, currency: 'EUR' }, compareAtPrice: null },
      ],
    });
    expect(await shop.guest.get(PRODUCT, { slug: 'clay-cup' })).toBeNull();
    expect(await shop.guest.get('{ searchProducts(query: "wool hat") { hits { product { name } } } }')).toMatchObject({
      hits: [{ product: { name: 'Wool Hat' } }],
    });
    const order = await placeOrder(await guestCart(shop).with('HAT-M', 2).ready());
    await untilStatus(bearerOf(shop, order), order.id, 'CONFIRMED');
    await shop.settle();
    expect((await runImport(file)).output).toContain('0 created, 0 updated, 2 unchanged, 1 failed');
    expect(await stockOf(staff, 'HAT-M')).toEqual({ onHand: 0, reserved: 0, available: 0 });
    expect(await stockOf(staff, 'HAT-S')).toMatchObject({ onHand: 5 });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('of the shop itself can be corrected and sent again', async () => {
    const file = join(folder, 'products.ndjson');
    await writeFile(file, NDJSON);
    const first = await runImport(file);
    expect(first.output).toContain('line 2: variants.0.price');
    expect(first.output).toContain('line 3:');
    expect(first.output).toContain('1 created, 0 updated, 0 unchanged, 2 failed');
    await shop.settle();
    const cart = await guestCart(shop).with('ROBOT-1').ready();
    await writeFile(file, NDJSON.split('\n')[0]?.replace('34.00', '30.00') ?? '');
    expect(await runImport(file)).toMatchObject({
      code: 0,
      output: expect.stringContaining('0 created, 1 updated, 0 unchanged, 0 failed'),
    });
    await shop.settle();
    expect(await checkOut(cart)).toMatchObject({ __typename: 'PriceChangedError' });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('that is not there, or no shop to take it, is named', async () => {
    expect(await runImport(join(folder, 'nothing.csv'))).toMatchObject({ code: 1, output: expect.stringContaining('nothing.csv') });
    const file = join(folder, 'lonely.ndjson');
    await writeFile(file, NDJSON);
    const nobody = 'http://127.0.0.1:1';
    expect(await runImport(file, { SHOP_URL: nobody })).toMatchObject({ code: 1, output: expect.stringContaining(nobody) });
    const unusable = await runImport(file, { SHOP_URL: 'nowhere' });
    expect(unusable).toMatchObject({ code: 1, output: expect.stringContaining('SHOP_URL') });
    expect(unusable.output).not.toContain('    at ');
  });

  it('is taken from staff only', async () => {
    const query = new URLSearchParams({ format: 'ndjson', currency: 'EUR', reference: 'mine' });
    const customer = await shop.signedIn('customer@shop.example');
    const statuses = await Promise.all(
      [shop.guest, customer].map(async ({ token }) => {
        const headers = { 'content-type': 'application/octet-stream', ...(token && { authorization: `Bearer ${token}` }) };
        const answer = await request(`${shop.url}/import?${query.toString()}`, { method: 'POST', headers, body: NDJSON });
        await answer.body.dump();
        return answer.statusCode;
      }),
    );
    expect(statuses).toEqual([401, 403]);
    const refused = await runImport(join(folder, 'products.ndjson'), { SHOP_EMAIL: 'customer@shop.example' });
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('403') });
  });
});
