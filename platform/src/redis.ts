import { createHash } from 'node:crypto';
import { createClient, type RedisClientOptions } from 'redis';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';

export type RedisClient = ReturnType<typeof connectionTo>;

/** Redis, or a server that speaks its protocol, did not answer in time. What was asked for may have happened all the same. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
}

/** A Lua script that runs atomically on the server. Its text is a constant: what varies comes as keys and arguments. */
export interface Script {
  text: string;
  sha1: string;
}

/** Known to the server by its hash, so that its text travels once. */
export function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** One connection for commands, and one for what is subscribed to. Both come back by themselves. */
export interface Redis extends AsyncDisposable {
  /** Throws RedisUnavailable when there is no answer within the deadline, and at once while the server is known to be away. */
  run<T>(commands: (client: RedisClient) => Promise<T>): Promise<T>;
  /** As `run`, for one script. What it returns is to be parsed. */
  evaluate(script: Script, keys: readonly string[], values: readonly string[]): Promise<unknown>;
  /**
   * Hears a channel from the moment that this resolves. `onGap` is called whenever messages may have been missed: the connection is back.
   * Never rejects for a server that is away; then it resolves at once and hears from the day the server is back.
   */
  subscribe(channel: string, hear: (message: string) => void, onGap: () => void): Promise<AsyncDisposable>;
  /** Called at every connection from now on, and at once when there is one. A rejection is logged. */
  onConnected(callback: () => Promise<void>): void;
}

export interface RedisOptions {
  /** `redis://[user:password@]host:port[/database]`, `rediss://` with TLS. */
  url: string;
  logger: Logger;
  /** How long a command may take; 300 ms. */
  deadlineMs?: number;
  /** How long nothing is asked after a missed deadline, unless the answer comes after all and the next one in time; 1 s. */
  restMs?: number;
  /** How long to wait for the first connection; 2 s. */
  connectWithinMs?: number;
}

/** Resolves when connected or when `connectWithinMs` are over: a server that is away does not keep a process from starting. */
export async function openRedis({ url, logger, deadlineMs = 300, restMs = 1_000, connectWithinMs = 2_000 }: RedisOptions): Promise<Redis> {
  const client = connectionTo(url, { disableOfflineQueue: true });
  const subscriber = connectionTo(url, { disableOfflineQueue: false });
  const onConnected: (() => Promise<void>)[] = [];
  const attend = (callback: () => Promise<void>) =>
    void callback().catch((err: unknown) => logger.error({ err, reason: 'redis' }, 'a new connection could not be prepared'));
  reportAbsence(client, logger);
  reportAbsence(subscriber, logger);
  client.on('ready', () => onConnected.forEach(attend));
  const rest = restAfterSilence(restMs);

  const run: Redis['run'] = async (commands) => {
    if (!client.isReady || rest.isOn()) throw new RedisUnavailable('Redis does not answer.');
    const work = commands(client);
    const answer = await inTime(work, deadlineMs).catch((cause: unknown) => {
      // Who was slow only for a moment is not left alone any longer; of all who wait meanwhile one is enough to see.
      if (cause === LATE && rest.begin()) work.then(() => inTime(client.ping(), deadlineMs)).then(rest.end, () => undefined);
      if (cause === LATE || !client.isReady) throw new RedisUnavailable('Redis does not answer.', { cause });
      throw cause;
    });
    rest.end();
    return answer;
  };
  await firstConnection([client, subscriber], connectWithinMs);
  return {
    run,
    evaluate: ({ text, sha1 }, keys, values) =>
      run(async (redis) => {
        const options = { keys: [...keys], arguments: [...values] };
        try {
          return await redis.evalSha(sha1, options);
        } catch (error) {
          if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
          return await redis.eval(text, options);
        }
      }),
    subscribe: async (channel, hear, onGap) => {
      subscriber.on('ready', onGap);
      await inTime(subscriber.subscribe(channel, hear), deadlineMs).catch(() => undefined);
      return {
        [Symbol.asyncDispose]: async () => {
          subscriber.off('ready', onGap);
          if (subscriber.isReady) await inTime(subscriber.unsubscribe(channel, hear), deadlineMs).catch(() => undefined);
        },
      };
    },
    onConnected: (callback) => {
      onConnected.push(callback);
      if (client.isReady) attend(callback);
    },
    [Symbol.asyncDispose]: async () => {
      for (const connection of [subscriber, client]) {
        if (connection.isReady) await inTime(connection.close(), deadlineMs).catch(() => undefined);
        if (connection.isOpen) connection.destroy();
      }
    },
  };
}

/** Commands given while there is no connection are refused, not kept: whoever gave them has another way or says so. Subscriptions wait. */
function connectionTo(url: string, { disableOfflineQueue }: { disableOfflineQueue: boolean }) {
  return createClient({
    url,
    disableOfflineQueue,
    commandsQueueMaxLength: 10_000,
    socket: { connectTimeout: 1_000, reconnectStrategy: (tries) => Math.min(2 ** tries * 25, 1_000) * (0.8 + Math.random() * 0.4) },
  } satisfies RedisClientOptions);
}

async function firstConnection(clients: readonly RedisClient[], withinMs: number): Promise<void> {
  const waiting = new AbortController();
  const connecting = Promise.allSettled(clients.map((client) => client.connect()));
  await Promise.race([connecting, pause(withinMs, waiting.signal)]);
  waiting.abort();
}

/** Once when it goes and once when it is back; the client itself reports every attempt. */
function reportAbsence(client: RedisClient, logger: Logger): void {
  let isAway = false;
  client.on('error', (err: unknown) => {
    if (!isAway) logger.warn({ err, reason: 'redis' }, 'no connection');
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) logger.info({ reason: 'redis' }, 'connected again');
    isAway = false;
  });
}

/** After a missed deadline only one command in `restMs` is let through, so that a hanging server costs one caller its deadline and not all. */
function restAfterSilence(restMs: number) {
  let untilMs = 0;
  return {
    isOn: (): boolean => {
      if (untilMs === 0) return false;
      if (performance.now() < untilMs) return true;
      untilMs = performance.now() + restMs;
      return false;
    },
    /** Whether it was not on yet. */
    begin: (): boolean => {
      const isFirst = untilMs === 0;
      untilMs = performance.now() + restMs;
      return isFirst;
    },
    end: () => {
      untilMs = 0;
    },
  };
}

const LATE = Object.assign(new Error('The deadline has passed.'), { name: 'TimeoutError' });

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  // After a stall of this process timers come first: answers that have arrived meanwhile are looked at before anything is called late.
  const timer = setTimeout(() => setImmediate(() => reject(LATE)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
