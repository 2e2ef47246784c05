import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';

/** A connection to NATS that is looked for until disposed: at the start, and whenever it was lost. */
export interface NatsLink extends AsyncDisposable {
  /** Null while there is none. */
  readonly current: NatsConnection | null;
  /** The connection as soon as there is one; null when `signal` fires first. */
  whenConnected(signal: AbortSignal): Promise<NatsConnection | null>;
  /** Called once, at the first connection, at once when it is there: what is subscribed on it survives its interruptions. */
  onFirst(callback: (connection: NatsConnection) => void): void;
}

export interface NatsLinkOptions {
  /** `nats://[user:password@]host:port`, `tls://` with TLS; several of one cluster with commas between them. */
  url: string;
  /** How the server names this process. */
  name: string;
  logger: Logger;
}

/** A server that accepts but says nothing is given up after three of these. */
const PING_EVERY_MS = 3_000;
const RETRY_MS = 250;

/** Begins to connect at once and never throws: a broker that is away is looked for, and logged. */
export function natsLink({ url, name, logger }: NatsLinkOptions): NatsLink {
  const stopping = new AbortController();
  const waiting = new Set<(connection: NatsConnection) => void>();
  const firsts: ((connection: NatsConnection) => void)[] = [];
  let connection: NatsConnection | null = null;
  let isConnected = false;

  const arrived = (found: NatsConnection) => {
    isConnected = true;
    for (const resolve of waiting) resolve(found);
    waiting.clear();
  };
  const watch = async (found: NatsConnection): Promise<void> => {
    for await (const { type } of found.status()) {
      if (type === 'disconnect') {
        isConnected = false;
        logger.warn({ reason: 'nats' }, 'the broker is away; events wait in the outbox');
      } else if (type === 'reconnect') {
        logger.info({ reason: 'nats' }, 'the broker is back');
        arrived(found);
      }
    }
  };
  const firstConnection = async (): Promise<void> => {
    for (let tries = 0; !stopping.signal.aborted; tries++) {
      try {
        const found = await connect(optionsOf(url, name));
        if (stopping.signal.aborted) return await found.close();
        connection = found;
        void watch(found);
        for (const callback of firsts) callback(found);
        return arrived(found);
      } catch (err) {
        if (tries === 0) logger.warn({ err, reason: 'nats' }, 'the broker is not there yet; events wait in the outbox');
        await pause(RETRY_MS, stopping.signal);
      }
    }
  };
  const connecting = firstConnection();
  const current = () => (isConnected ? connection : null);
  return {
    get current() {
      return current();
    },
    whenConnected: async (signal) => current() ?? (await firstOf(waiting, signal)),
    onFirst: (callback) => {
      firsts.push(callback);
      if (connection) callback(connection);
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await connecting;
      isConnected = false;
      await connection?.close();
    },
  };
}

function firstOf(waiting: Set<(connection: NatsConnection) => void>, signal: AbortSignal): Promise<NatsConnection | null> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(null);
    const done = (connection: NatsConnection | null) => {
      waiting.delete(done);
      signal.removeEventListener('abort', giveUp);
      resolve(connection);
    };
    const giveUp = () => done(null);
    waiting.add(done);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

function optionsOf(list: string, name: string): ConnectionOptions {
  const urls = list.split(',').map((url) => new URL(url.trim()));
  const [first] = urls;
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    ...(first?.username && { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }),
    ...(first?.protocol === 'tls:' && { tls: {} }),
    name,
    timeout: 2_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    reconnectJitter: RETRY_MS,
    pingInterval: PING_EVERY_MS,
    maxPingOut: 2,
  };
}
