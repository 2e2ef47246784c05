import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@shop/deploy/project-root';
import { freePort } from '@shop/standalone/free-port';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../kit/postgres.js';
import { until } from '../../kit/until.js';

/** Nobody listens there: the bus is closed, and looked for. */
const NO_BROKER = 'nats://127.0.0.1:1';
const SECRET = 'x'.repeat(32);

interface Running {
  child: ChildProcess;
  printed(): string;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

describe('a process of the shop', () => {
  const disposables = new AsyncDisposableStack();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shop-processes-'));
    disposables.defer(() => rm(folder, { recursive: true, force: true }));
  });
  afterAll(() => disposables.disposeAsync());

  function start(program: string, environment: Record<string, string>, args: string[] = []): Running {
    const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    disposables.defer(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => signal ?? code ?? '');
    return { child, printed: () => printed, ended };
  }
  const statusOf = async (port: number): Promise<number | null> =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ status }) => status,
      () => null,
    );
  const untilStatus = (port: number, status: number) =>
    until(async () => ((await statusOf(port)) === status ? true : null), { what: `status ${status}` });
  const mailbox = async (extra: Record<string, string> = {}) => {
    const port = await freePort();
    const settings = { PORT: String(port), SMTP_PORT: '0', MAILBOX_FOLDER: folder, DRAIN_DELAY_MS: '0', ...extra };
    return { port, ...start('standalone/dist/mailbox/main.js', settings) };
  };

  it('names everything that is wrong with its environment at once, no value among it, and ends with 78', async () => {
    const orders = start('subgraphs/orders/dist/main.js', {
      DATABASE_URL: 'postgresql://127.0.0.1/orders',
      ENVELOPE_SECRETS: 'short-secret',
      ORDER_TOKEN_SECRET: SECRET,
      CART_URL: 'cart',
    });
    expect(await orders.ended).toBe(78);
    for (const name of ['NATS_URL', 'ENVELOPE_SECRETS', 'CART_URL', 'CART_ENVELOPE_SECRET', 'USERS_URL', 'USERS_ENVELOPE_SECRET'])
      expect(orders.printed()).toContain(`  ${name}`);
    expect(orders.printed()).toContain('CART_ENVELOPE_SECRET: is missing');
    expect(orders.printed()).not.toContain('short-secret');
    expect(orders.printed()).not.toContain('DATABASE_URL');
  });

  it('refuses to run without a bus, for its events would be lost', async () => {
    const users = start('subgraphs/users/dist/main.js', { DATABASE_URL: 'postgresql://127.0.0.1/users', ENVELOPE_SECRETS: SECRET });
    expect(await users.ended).toBe(78);
    expect(users.printed()).toMatch(/NATS_URL: .*without a bus/);
  });

  it('ends with 1 when it cannot listen', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const second = await mailbox({ PORT: String(port) });
    expect(await second.ended).toBe(1);
    expect(second.printed()).toContain('EADDRINUSE');
    taken.close();
  });

  it('ends with 0 after a SIGTERM', async () => {
    const running = await mailbox();
    await untilStatus(running.port, 200);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(running.printed()).toContain('"msg":"ended"');
  });

  it('with a database brings that up to date on command, serves without the broker, and drains before it ends', async () => {
    await using database = await createTestDatabase();
    const port = await freePort();
    const environment = {
      PORT: String(port),
      DATABASE_URL: database.url,
      NATS_URL: NO_BROKER,
      ENVELOPE_SECRETS: SECRET,
      DRAIN_DELAY_MS: '5000',
    };
    const migrating = start('subgraphs/inventory/dist/main.js', environment, ['migrate']);
    expect(await migrating.ended, migrating.printed()).toBe(0);
    expect(await tablesOf(database.url)).toContain('stock_level');

    const inventory = start('subgraphs/inventory/dist/main.js', environment);
    await untilStatus(port, 200);
    const live = () => fetch(`http://127.0.0.1:${port}/health/live`);
    expect((await live()).headers.get('keep-alive')).toBe('timeout=3');
    inventory.child.kill('SIGTERM');
    await untilStatus(port, 503);
    const late = await live();
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
    expect(await inventory.ended, inventory.printed()).toBe(0);
  });

  it('ends at once at a second signal', async () => {
    await using database = await createTestDatabase();
    const port = await freePort();
    const environment = { PORT: String(port), DATABASE_URL: database.url, NATS_URL: NO_BROKER, ENVELOPE_SECRETS: SECRET };
    const inventory = start('subgraphs/inventory/dist/main.js', { ...environment, DRAIN_DELAY_MS: '15000' });
    await untilStatus(port, 200);
    inventory.child.kill('SIGTERM');
    await untilStatus(port, 503);
    // Within a second it would be the same wish: npm hands a Ctrl-C on that the terminal has sent already.
    const insisting = setInterval(() => inventory.child.kill('SIGTERM'), 200);
    expect(await inventory.ended).toBe('SIGKILL');
    clearInterval(insisting);
  });
});

async function tablesOf(connectionString: string): Promise<string[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = 'public'",
    );
    return rows.map(({ table_name }) => table_name);
  } finally {
    await client.end();
  }
}
