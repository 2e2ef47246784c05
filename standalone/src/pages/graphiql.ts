import type { FastifyInstance } from 'fastify';
import { makeAsset, sendAsset, type Asset } from './asset.js';
import { html, jsonBlock } from './html.js';
import { sampleOperations, type SampleOperation } from './sample-operations.js';

/** The editor makes style elements while it runs, and its fonts and cursors are in its style sheet. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GraphiQL 5 moves a tab away from under the pointer when it is pressed, so that no click on it would arrive. */
const keepTabsInPlace = '.graphiql-tab { transform: none !important; }';

const parts = {
  'app.js': { type: 'text/javascript; charset=utf-8', of: 'js' },
  'app.css': { type: 'text/css; charset=utf-8', of: 'css' },
  'editor.worker.js': { type: 'text/javascript; charset=utf-8', of: 'editorWorkerService' },
  'json.worker.js': { type: 'text/javascript; charset=utf-8', of: 'jsonWorker' },
  'graphql.worker.js': { type: 'text/javascript; charset=utf-8', of: 'graphqlWorker' },
} as const;

/** GraphiQL at `/graphiql`, with tabs prepared and without any file from elsewhere. Its 9 MB are only read when somebody asks for them. */
export async function mountGraphiql(app: FastifyInstance): Promise<void> {
  const page = graphiqlPage(await sampleOperations());
  app.get('/graphiql', async (_, reply) =>
    reply
      .headers({ 'content-security-policy': policy, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
      .send(page),
  );
  for (const [name, { type, of }] of Object.entries(parts)) {
    const asset = onDemand(async () => makeAsset(type, (await import('@graphql-yoga/render-graphiql/graphiql'))[of]));
    app.get(`/graphiql/${name}`, async (request, reply) => sendAsset(request, reply, await asset()));
  }
}

function onDemand(make: () => Promise<Asset>): () => Promise<Asset> {
  let made: Promise<Asset> | null = null;
  return () => (made ??= make());
}

function graphiqlPage(tabs: readonly SampleOperation[]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>GraphiQL · Shop</title>
        <link rel="icon" href="/pages/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/graphiql/app.css" />
        <style>
          ${keepTabsInPlace}
        </style>
        <script defer src="/pages/graphql-ws.js"></script>
        <script defer src="/pages/graphiql.js"></script>
      </head>
      <body class="no-focus-outline">
        <noscript>GraphiQL needs JavaScript.</noscript>
        <div id="root"></div>
        ${jsonBlock('tabs', tabs)}
      </body>
    </html> `.text;
}
