import type { FastifyInstance } from 'fastify';
import type { MailReader } from '../mailbox/mailbox.js';
import { mountGraphiql } from './graphiql.js';
import { sendPage } from './layout.js';
import { mountMailboxPages } from './mailbox-pages.js';
import { mountPageFiles } from './page-files.js';
import { readOperation } from './sample-operations.js';
import { startPage, type DemoSignIn } from './start-page.js';
import { trackPage } from './track-page.js';

export type { DemoSignIn } from './start-page.js';

export interface PagesOptions {
  /** Where the shop is reached, without a slash at the end. Asked for every time. */
  address(): string;
  mailbox: MailReader;
  /** Accounts to show on `/`; default none. */
  demoSignIns?: readonly DemoSignIn[];
  /** The password of all of them. */
  demoPassword?: string;
  /** A product's picture as SVG, null when there is no such product; without it there are no pictures. */
  picture?(slug: string): Promise<string | null>;
}

/** Mounts `/`, `/graphiql`, `/track`, `/mailbox`, what they load under `/pages`, and `/media/products/<slug>.svg`. Throws when a file of theirs is missing. */
export async function mountPages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const { address, mailbox, demoSignIns = [], demoPassword = '', picture } = options;
  const track = trackPage(await readOperation('track'));
  app.get('/', async (_, reply) => sendPage(reply, startPage({ address: address(), signIns: demoSignIns, password: demoPassword })));
  app.get('/track', async (_, reply) => sendPage(reply, track));
  await mountPageFiles(app);
  await mountGraphiql(app);
  await mountMailboxPages(app, mailbox);
  if (picture) mountPictures(app, picture);
}

/** Other pages may show the pictures, but nothing in a picture ever runs. */
function mountPictures(app: FastifyInstance, picture: (slug: string) => Promise<string | null>): void {
  app.get<{ Params: { file: string } }>('/media/products/:file', async ({ params }, reply) => {
    const slug = /^([a-z0-9-]{1,200})\.svg$/.exec(params.file)?.[1];
    const svg = slug === undefined ? null : await picture(slug);
    if (svg === null) return reply.code(404).type('text/plain; charset=utf-8').send('There is no such picture.');
    return reply
      .headers({
        'content-type': 'image/svg+xml; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'public, max-age=3600',
      })
      .send(svg);
  });
}
