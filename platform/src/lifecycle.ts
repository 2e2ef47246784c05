import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** npm hands on the Ctrl-C that the terminal sent to its child as well: the same wish twice. */
const sameWishMs = 1_000;

/** Resolves with the signal's name at the first SIGTERM or SIGINT; another one, a second or more later, ends the process at once. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let heardAt: number | null = null;
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        heardAt ??= performance.now();
        if (performance.now() - heardAt >= sameWishMs) process.kill(process.pid, 'SIGKILL');
        resolve(name);
      });
    }
  });
}

/** Resolves after `ms`, or at once when `signal` fires; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Waits for `work` no longer than the signal allows, then throws the signal's reason; what runs on is left to see the same signal itself. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A signal that fires with `signal`, or after `ms` with a TimeoutError. Disposing frees the timer: a deadline that was met costs nothing more. */
export function withDeadline(signal: AbortSignal, ms: number): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(TIMED_OUT), ms);
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', follow);
    },
  };
}

/** Made once: an error with its stack for every deadline would cost more than the deadline. */
export const TIMED_OUT = Object.assign(new Error('The deadline has passed.'), { name: 'TimeoutError' });

/** How long clients are told that a connection may lie idle: less than a process says "not ready" before it closes what lies idle. */
const TOLD_IDLE_MS = 3_000;
/** Longer than the 60 s after which proxies that do not listen give it up, so that they never send into one that is just closing. */
const KEPT_IDLE_MS = 72_000;

/**
 * Lets a server end as soon as its answers are given: once `stopping` fires, every answer ends its connection, and at the close those that
 * never asked for anything go at once. Node waits for both, a minute and longer: for what clients keep alive, and for what browsers open
 * ahead. Who closes 3 s or more after `stopping` cuts no request off: by then each connection has been told of the end, or is one that its
 * client does not use any more. Call it before routes are added.
 */
export function endConnectionsOnce(stopping: AbortSignal, app: FastifyInstance): void {
  tellLessThanIsKept(app.server);
  const silent = new Set<Socket>();
  let isClosing = false;
  app.server.on('connection', (socket) => {
    if (isClosing) return socket.destroy();
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  for (const event of ['request', 'upgrade'] as const) app.server.on(event, ({ socket }: IncomingMessage) => silent.delete(socket));
  app.addHook('preClose', (done) => {
    isClosing = true;
    for (const socket of silent) socket.destroy();
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping.aborted) reply.header('connection', 'close');
    done(null, payload);
  });
}

function tellLessThanIsKept(server: Server): void {
  // An older Node keeps a connection for no longer than it tells.
  const canTellLess = 'keepAliveTimeoutBuffer' in server;
  server.keepAliveTimeout = canTellLess ? TOLD_IDLE_MS : KEPT_IDLE_MS;
  if (canTellLess) server.keepAliveTimeoutBuffer = KEPT_IDLE_MS - TOLD_IDLE_MS;
}
