import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@shop/standalone/free-port';
import { createClient } from 'redis';
import { until } from './until.js';

/** A Redis of one test's own, to be paused, killed and emptied. */
export interface RedisServer extends AsyncDisposable {
  url: string;
  /** It hangs: connections stay, nothing is answered. */
  pause(): void;
  resume(): void;
  /** kill -9. */
  kill(): Promise<void>;
  /** On the same port and data. Resolves when it answers. */
  start(): Promise<void>;
  flush(): Promise<void>;
}

export interface RedisServerOptions {
  /** Appended to what makes every write durable, e.g. `['--appendonly', 'no']`. */
  flags?: readonly string[];
}

/** Throws when there is no `redis-server` on the PATH. */
export async function startRedisServer({ flags = [] }: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-test-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | null = null;
  const start = async () => {
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    server = spawn('redis-server', [...own, '--appendonly', 'yes', '--appendfsync', 'always', ...flags], { stdio: 'ignore' });
    server.on('error', () => undefined);
    await until(() => onConnection(url, (client) => client.ping()), { what: 'redis-server' });
  };
  const kill = async () => {
    const running = server;
    server = null;
    if (!running || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url,
    start,
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    flush: async () => void (await onConnection(url, (client) => client.flushAll())),
    [Symbol.asyncDispose]: async () => {
      server?.kill('SIGCONT');
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const connectionTo = (url: string) => createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 500 } });

async function onConnection<T>(url: string, work: (client: ReturnType<typeof connectionTo>) => Promise<T>): Promise<T> {
  const client = connectionTo(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
