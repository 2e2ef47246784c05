import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Authenticate } from '@shop/gateway';
import { newId } from '@shop/platform/ids';
import { hasScope } from '@shop/platform/viewer';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import type { ImportNews } from './import-products.js';
import { importProducts } from './import-products.js';
import { readNdjson } from './ndjson.js';
import { readShopifyCsv } from './shopify-csv.js';

export interface ImportRouteOptions {
  authenticate: Authenticate;
  catalog: SubgraphTransport;
  inventory: SubgraphTransport;
  warehouseCode: string;
}

export const IMPORT_ROUTE = '/import';

const querySchema = z.object({
  format: z.enum(['csv', 'ndjson']),
  currency: z.string().regex(/^[A-Z]{3}$/),
  reference: z.string().min(1).max(200),
});

/**
 * `POST /import?format=csv|ndjson&currency=EUR&reference=…` with the file as body and a bearer of the scopes catalog:write and
 * stock:write. Answers with NDJSON of `ImportNews` while it reads; the import stops when the caller leaves, and may be repeated.
 */
export async function mountImport(app: FastifyInstance, { authenticate, ...targets }: ImportRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_, payload, done) => done(null, payload));
    scope.post(IMPORT_ROUTE, { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request, reply) => {
      const { viewer } = await authenticate(request.headers.authorization).catch(() => ({ viewer: null }));
      if (!viewer || viewer.kind === 'anonymous') return reply.code(401).send({ message: 'Sign in first.' });
      if (!hasScope(viewer, 'catalog:write') || !hasScope(viewer, 'stock:write'))
        return reply.code(403).send({ message: 'This needs the scopes catalog:write and stock:write.' });
      const query = querySchema.safeParse(request.query);
      if (!query.success) return reply.code(400).send({ message: z.prettifyError(query.error) });
      if (!(request.body instanceof Readable)) return reply.code(400).send({ message: 'The body is the file.' });
      const { format, currency, reference } = query.data;
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      const items = format === 'csv' ? readShopifyCsv(request.body, currency) : readNdjson(request.body, currency);
      const context = { viewer, locale: 'en', clientAddress: request.ip, requestId: newId(), traceparent: null, signal: left.signal };
      return reply.type('application/x-ndjson').send(Readable.from(linesOf(importProducts(items, { ...targets, reference }, context))));
    });
  });
}

/** A fault in the middle of the import is told as its last line, since the answer has begun. */
async function* linesOf(news: AsyncIterable<ImportNews>): AsyncGenerator<string> {
  try {
    for await (const entry of news) yield `${JSON.stringify(entry)}\n`;
  } catch (error) {
    yield `${JSON.stringify({ kind: 'failed', message: error instanceof Error ? error.message : 'The import failed.' })}\n`;
  }
}
