import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { makeAsset, sendAsset } from './asset.js';

/** The same folder from the sources and from the build. */
const folder = new URL('../../src/pages/browser/', import.meta.url);
const graphqlWs = new URL('../umd/graphql-ws.min.js', import.meta.resolve('graphql-ws'));

const css = 'text/css; charset=utf-8';
const javascript = 'text/javascript; charset=utf-8';

const files = [
  { name: 'shop.css', type: css, at: new URL('shop.css', folder) },
  { name: 'icon.svg', type: 'image/svg+xml', at: new URL('icon.svg', folder) },
  { name: 'graphiql.js', type: javascript, at: new URL('graphiql.js', folder) },
  { name: 'mailbox.js', type: javascript, at: new URL('mailbox.js', folder) },
  { name: 'track.js', type: javascript, at: new URL('track.js', folder) },
  { name: 'graphql-ws.js', type: javascript, at: graphqlWs },
];

/** What the pages load from `/pages/…`. Throws when a file is missing. */
export async function mountPageFiles(app: FastifyInstance): Promise<void> {
  for (const { name, type, at } of files) {
    const asset = await makeAsset(type, await readFile(at));
    app.get(`/pages/${name}`, (request, reply) => sendAsset(request, reply, asset));
  }
}
