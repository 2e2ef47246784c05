// The pages as a process of their own, and the import of product files: people reach both through the gateway, which hands on to them.
import { accessTokenIdentity } from '@shop/gateway';
import { runProcess } from '@shop/platform/process';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { DEFAULT_AUDIENCE, DEFAULT_ISSUER } from '@shop/users';
import Fastify from 'fastify';
import { mountImport } from '../import/import-route.js';
import { remoteMailbox } from '../mailbox/remote-mailbox.js';
import { DEMO_PASSWORD, demoSignIns } from '../sample-data/demo-people.js';
import { samplePicture } from '../sample-data/sample-catalogue.js';
import { readPagesEnv } from './config.js';
import { mountPages } from './pages.js';

await runProcess({
  name: 'pages',
  readEnv: readPagesEnv,
  start: async ({ publicUrl, mailboxUrl, showsDemoSignIns, ...subgraphs }) => {
    await using starting = new AsyncDisposableStack();
    const remote = ({ url, envelopeSecret }: typeof subgraphs.users) => starting.use(httpTransport(url, envelopeSecret));
    const [users, catalog, inventory] = [remote(subgraphs.users), remote(subgraphs.catalog), remote(subgraphs.inventory)];
    const app = Fastify({ trustProxy: true, forceCloseConnections: true });
    starting.defer(() => app.close());
    app.get('/health/live', async () => ({ status: 'live' }));
    app.get('/health/ready', async () => ({ status: 'ready' }));
    await mountPages(app, {
      address: () => publicUrl,
      mailbox: remoteMailbox(mailboxUrl),
      ...(showsDemoSignIns && { demoSignIns, demoPassword: DEMO_PASSWORD }),
      picture: async (slug) => samplePicture(slug),
    });
    const { authenticate } = accessTokenIdentity(users, { issuer: DEFAULT_ISSUER, audience: DEFAULT_AUDIENCE });
    await mountImport(app, { authenticate, catalog, inventory, warehouseCode: 'BER' });
    const running = starting.move();
    return {
      listen: async (port, host) => {
        await app.listen({ port, host });
        return port;
      },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  },
});
