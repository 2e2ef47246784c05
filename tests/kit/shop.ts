import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inject } from 'vitest';
import { loadPersistedLists } from '@shop/gateway';
import { freePort } from '@shop/standalone/free-port';
import { DEMO_PASSWORD } from '@shop/standalone/sample-data/demo-people';
import { seedSmallShop } from '@shop/standalone/sample-data/small-shop';
import { shopDatabases, SUBGRAPHS_WITH_DATABASE, type DatabaseServer } from '@shop/standalone/shop-databases';
import { newShopSecrets, type ShopSecrets } from '@shop/standalone/shop-secrets';
import { startShop, type Shop } from '@shop/standalone/start-shop';
import type { MailReader } from '@shop/standalone/mailbox/mailbox';
import type { ProviderBooks } from './ledger.js';
import { shopClient, type ShopClient } from './shop-client.js';
import { startShopInStack } from './shop-in-stack.js';

export interface TestShop extends AsyncDisposable {
  /** Its inside, where everything runs in this process; throws where it is a stack of processes. Replaced by a new one at `restart`. */
  readonly shop: Shop;
  readonly secrets: ShopSecrets;
  readonly mailbox: MailReader;
  readonly provider: ProviderBooks;
  readonly withoutInbox?: readonly 'cart'[];
  url: string;
  /** A client without a credential. */
  guest: ShopClient;
  /** A client of a demo sign-in. */
  signedIn(email: 'customer@shop.example' | 'staff@shop.example' | 'admin@shop.example'): Promise<ShopClient>;
  settle(): Promise<void>;
  /** Stops the shop and starts it again on the same databases, folder and port. */
  restart(): Promise<void>;
  sql(subgraph: (typeof SUBGRAPHS_WITH_DATABASE)[number], text: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
}

export interface TestShopOptions {
  /** How many of each SKU lie in the first warehouse; 100 when left out. */
  stockPerSku?: number;
  paymentActionTimeoutMs?: number;
  cardProviderTimeoutMs?: number;
  lateAnswerMs?: number;
  /** How many of each process run, where the shop is a stack of them; one when left out. */
  replicas?: Readonly<Record<string, number>>;
  /** How long each process of such a stack says that it is leaving before it does; not at all when left out. */
  drainDelayMs?: number;
}

/**
 * The whole shop on stores of its own, with 24 products and the demo sign-ins; reached through its public endpoint. The project of the test
 * run decides (vitest.config.ts) whether it runs in this process, or as processes on the real stores.
 */
export function startTestShop(options: TestShopOptions = {}): Promise<TestShop> {
  return inject('shopForm') === 'stack' ? startShopInStack(options) : startShopInProcess(options);
}

async function startShopInProcess({ stockPerSku = 100, lateAnswerMs, ...tuning }: TestShopOptions): Promise<TestShop> {
  const prefix = `shop_${Math.random().toString(36).slice(2, 10)}`;
  const folder = await mkdtemp(join(tmpdir(), 'shop-test-'));
  const databaseUrl = await shopDatabases(testServer, prefix);
  const port = await freePort();
  const supergraphSdl = await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  const persisted = await loadPersistedLists(fileURLToPath(new URL('../../schema', import.meta.url)));
  const options = {
    databaseUrl,
    folder,
    secrets: newShopSecrets(),
    supergraphSdl,
    persisted,
    port,
    logLevel: process.env['LOG_LEVEL'] ?? 'silent',
    ...(process.env['GATEWAY_ENGINE'] === 'apollo' && { engine: 'apollo' as const }),
    tuning,
    // A test machine that is slow for a while is no overload.
    requestTimeoutMs: 60_000,
    shedAboveDelayMs: Infinity,
    ...(lateAnswerMs !== undefined && { lateAnswerMs }),
  };
  await seedSmallShop({ databaseUrl, stockPerSku });
  let shop = await startShop(options);
  const url = `http://127.0.0.1:${port}`;
  return {
    get shop() {
      return shop;
    },
    secrets: options.secrets,
    mailbox: {
      mails: (limit) => shop.mailbox.mails(limit),
      mail: (id) => shop.mailbox.mail(id),
    },
    provider: {
      intents: async () => shop.sandbox.intents(),
      pendingWebhooks: async () => shop.sandbox.pendingWebhooks(),
    },
    url,
    guest: shopClient(url),
    signedIn: async (email) => shopClient(url, await shopClient(url).signIn(email, DEMO_PASSWORD)),
    settle: () => shop.settle(),
    restart: async () => {
      await shop[Symbol.asyncDispose]();
      shop = await startShop(options);
    },
    sql: (subgraph, text, parameters = []) => query(databaseUrl(subgraph), text, parameters),
    [Symbol.asyncDispose]: async () => {
      await shop[Symbol.asyncDispose]();
      for (const subgraph of SUBGRAPHS_WITH_DATABASE)
        await query(inject('postgresUrl'), `drop database if exists ${prefix}_${subgraph} with (force)`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const testServer: DatabaseServer = {
  url: (database) => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${database}`;
    return url.href;
  },
  createDatabase: async (name) => void (await query(inject('postgresUrl'), `create database ${name}`)),
  databaseExists: async () => false,
};

async function query(connectionString: string, text: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, parameters)).rows;
  } finally {
    await client.end();
  }
}
