// `npm start`: the whole shop in one process, on an embedded PostgreSQL, with sample data at the first start.
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPersistedLists } from '@shop/gateway';
import { armFailpoint } from '@shop/platform/failpoint';
import { untilSignal } from '@shop/platform/lifecycle';
import { startDemoCarrier } from './carrier/demo-carrier.js';
import { readConfig, type StandaloneConfig } from './config.js';
import { DEMO_PASSWORD, demoSignIns } from './sample-data/demo-people.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { isFree } from './free-port.js';
import { placedOrders } from './placed-orders.js';
import { markSeeded, MARKER, seedShop, wasSeeded } from './sample-data/seed-shop.js';
import { shopDatabases, SUBGRAPHS_WITH_DATABASE } from './shop-databases.js';
import { shopSecretsOf } from './shop-secrets.js';
import { startShop } from './start-shop.js';

/** How the names of its databases begin. */
const DATABASES = 'shop';
const started = Date.now();
const say = (line = '') => process.stdout.write(`${line}\n`);

try {
  await run(readConfig());
} catch (error) {
  say(`The shop cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function run({
  port,
  host,
  metricsPort,
  folder: relativeFolder,
  logLevel,
  engine,
  isFresh,
  withCarrier,
  stripe,
  failpoint,
}: StandaloneConfig): Promise<void> {
  const folder = resolve(relativeFolder);
  if (!(await isFree(port))) throw new Error(`port ${port} is taken; another one: PORT=${port + 1} npm start`);
  const isNew = isFresh || !wasSeeded(folder);
  if (isFresh) await forget(folder);
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startEmbeddedPostgres({ dataFolder: join(folder, 'postgres'), log: say, fresh: isFresh }));
  if (isNew && !isFresh) await beginAgain(folder, postgres);
  const databaseUrl = await shopDatabases(postgres, DATABASES);
  if (isNew) say('Filling the shop with sample data (once) …');
  const intents = isNew ? await seedShop(databaseUrl, new Date()) : [];
  const secrets = await shopSecretsOf(folder);
  const supergraphSdl = await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  const persisted = await loadPersistedLists(fileURLToPath(new URL('../../schema', import.meta.url)));
  const shop = stack.use(
    await startShop({
      databaseUrl,
      folder,
      secrets,
      supergraphSdl,
      persisted,
      port,
      host,
      metricsPort,
      logLevel,
      engine,
      ...(stripe && { stripe }),
    }),
  );
  if (isNew) {
    await shop.sandbox.importIntents(intents);
    await markSeeded(folder, new Date());
  }
  if (failpoint) armFailpoint(failpoint.name, failpoint.nth);
  if (withCarrier) stack.use(startDemoCarrier({ url: `http://127.0.0.1:${port}`, ...carrierSignIn(), logger: shop.logger }));
  welcome(shop.url);
  const signal = await untilSignal();
  say(`\n${signal}: finishing what is under way …`);
}

/** Empties what a first start left that did not complete. Throws, and changes nothing, when people have bought here: the mark was lost then. */
async function beginAgain(folder: string, postgres: EmbeddedPostgres): Promise<void> {
  const orders = (await postgres.databaseExists(`${DATABASES}_orders`)) ? await placedOrders(postgres.url(`${DATABASES}_orders`)) : [];
  if (orders.length > 0)
    throw new Error(
      `${join(folder, MARKER)} is missing, so this should be a first start, but the databases hold orders (${orders.join(', ')}).
To go on with them, put the file back, from a backup or an empty one. To empty the shop: npm start -- --fresh`,
    );
  await forget(folder);
  for (const subgraph of SUBGRAPHS_WITH_DATABASE) await postgres.dropDatabase(`${DATABASES}_${subgraph}`);
}

/** Everything but the database folder, which PostgreSQL's launcher empties itself. */
async function forget(folder: string): Promise<void> {
  for (const name of [MARKER, 'card-sandbox.ndjson', 'mailbox', 'secrets.json'])
    await rm(join(folder, name), { recursive: true, force: true });
}

function carrierSignIn(): { email: string; password: string } {
  const staff = demoSignIns.find(({ role }) => role === 'staff');
  if (!staff) throw new Error('The demo data has no staff.');
  return { email: staff.email, password: DEMO_PASSWORD };
}

function welcome(url: string): void {
  say(`
  The shop is open: ${url}   (after ${((Date.now() - started) / 1000).toFixed(1)} s)

  GraphQL        ${url}/graphql      try it in ${url}/graphiql
  Live tracking  ${url}/track
  Mails          ${url}/mailbox

  Sign in as     ${demoSignIns.map(({ email }) => email).join('\n                 ')}
  Password       ${DEMO_PASSWORD}

  Try: the tabs of GraphiQL from left to right: browse, search, fill a cart, check out with the card
  "pm_card_visa", and watch the order move to DELIVERED by itself within a minute.

  Ctrl-C stops it; everything is there again at the next start. "npm start -- --fresh" begins anew.
`);
}
