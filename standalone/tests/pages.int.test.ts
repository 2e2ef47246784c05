import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailbox } from '../src/mailbox/mailbox.js';
import { mountPages } from '../src/pages/pages.js';

const disposables = new AsyncDisposableStack();
let app: FastifyInstance;

const mail = `Subject: Hello\r\nMessage-ID: <1@shop.example>\r\nContent-Type: text/html\r\n\r\n<html><head></head><body><script>1</script><a href="/track">Track</a></body></html>`;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pages-'));
  disposables.defer(() => rm(folder, { recursive: true }));
  const line = { id: 1, messageId: '<1@shop.example>', receivedAt: '2026-01-02T03:04:05.000Z', source: mail };
  await writeFile(join(folder, 'mails.ndjson'), `${JSON.stringify(line)}\n`);
  const mailbox = disposables.use(await startMailbox({ port: 0, folder }));
  app = Fastify();
  disposables.defer(() => app.close());
  await mountPages(app, {
    address: () => 'http://localhost:4000',
    mailbox,
    demoSignIns: [{ email: 'customer@shop.example', role: 'customer' }],
    demoPassword: 'demo-shop-password',
    picture: async (slug) => (slug === 'linen-shirt' ? '<svg xmlns="http://www.w3.org/2000/svg"/>' : null),
  });
});
afterAll(() => disposables.disposeAsync());

test.each(['/', '/track', '/mailbox', '/mailbox/1', '/graphiql'])(
  '%s runs scripts of this shop only, and cannot be framed',
  async (url) => {
    const { statusCode, headers, body } = await app.inject(url);
    expect(statusCode).toBe(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
    expect(body).toContain('<html lang="en">');
  },
);

test('everything that the pages load is there', async () => {
  const pages = await Promise.all(['/', '/track', '/mailbox', '/graphiql'].map((url) => app.inject(url)));
  const loaded = new Set(
    pages.flatMap(({ body }) => [...body.matchAll(/<(?:script defer src|link rel="[a-z]+" href)="([^"]+)"/g)].map(([, url = '']) => url)),
  );
  expect(loaded.size).toBeGreaterThan(6);
  for (const url of [
    ...loaded,
    '/graphiql/app.js',
    '/graphiql/editor.worker.js',
    '/graphiql/json.worker.js',
    '/graphiql/graphql.worker.js',
  ])
    expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
});

test('a file travels compressed, and not again while it is the same', async () => {
  const plain = await app.inject('/pages/track.js');
  const packed = await app.inject({ url: '/pages/track.js', headers: { 'accept-encoding': 'gzip, br' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true);
  const again = await app.inject({ url: '/pages/track.js', headers: { 'if-none-match': String(plain.headers['etag']) } });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test('GraphiQL holds the tabs from browsing to a live order', async () => {
  const { body } = await app.inject('/graphiql');
  const tabs: unknown = JSON.parse(/id="tabs">(.*?)<\/script>/s.exec(body)?.[1] ?? '');
  expect(tabs).toMatchObject([
    { query: expect.stringContaining('query Browse') },
    { query: expect.stringContaining('query Search'), variables: expect.stringContaining('"words"') },
    { query: expect.stringContaining('mutation CreateCart') },
    { query: expect.stringContaining('mutation Checkout'), variables: expect.stringContaining('pm_card_visa') },
    { query: expect.stringContaining('subscription LiveOrder'), headers: expect.stringContaining('Bearer ') },
  ]);
});

test('the HTML of a mail comes in a sandbox, with links that open beside', async () => {
  const { headers, body } = await app.inject('/mailbox/1/html');
  expect(headers['content-security-policy']).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/);
  expect(headers['content-security-policy']).not.toContain('allow-scripts');
  expect(body).toContain('<head><base target="_blank"></head>');
});

test.each(['/mailbox/2', '/mailbox/2/html', '/mailbox/x', '/mailbox/1e3'])('%s is not there', async (url) => {
  const { statusCode, body } = await app.inject(url);
  expect(statusCode).toBe(404);
  expect(body).toContain('No such mail');
});

test('a picture may be shown anywhere and runs nothing', async () => {
  const { headers, statusCode } = await app.inject('/media/products/linen-shirt.svg');
  expect(statusCode).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'image/svg+xml; charset=utf-8',
    'cache-control': 'public, max-age=3600',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': expect.stringContaining('sandbox'),
  });
});

test.each(['unknown.svg', 'linen-shirt', 'linen-shirt.png', '..%2Flinen-shirt.svg'])('there is no picture %s', async (file) => {
  expect((await app.inject(`/media/products/${file}`)).statusCode).toBe(404);
});
