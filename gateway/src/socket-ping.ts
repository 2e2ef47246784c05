import type { WebSocketServer } from 'ws';

const ALLOWED_MISSES = 2;

/** Pings every open socket, and drops those that left two pings unanswered: their network is gone, and nobody said so. */
export function pingSockets(sockets: WebSocketServer, intervalMs: number): Disposable {
  const misses = new WeakMap<object, number>();
  sockets.on('connection', (socket) => socket.on('pong', () => misses.delete(socket)));
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      const missed = misses.get(socket) ?? 0;
      if (missed >= ALLOWED_MISSES) socket.terminate();
      else if (socket.readyState === socket.OPEN) {
        misses.set(socket, missed + 1);
        socket.ping();
      }
    }
  }, intervalMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
