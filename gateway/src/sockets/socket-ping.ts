import type { WebSocket } from 'ws';

const ALLOWED_MISSES = 2;

/**
 * Pings every open socket, and drops those that left two pings unanswered: their network is gone, and nobody said so.
 */
export function pingSockets(sockets: ReadonlyMap<WebSocket, unknown>, intervalMs: number): Disposable {
  const misses = new WeakMap<WebSocket, number>();
  const heard = function (this: WebSocket) {
    misses.set(this, 0);
  };
  const timer = setInterval(() => {
    for (const socket of sockets.keys()) {
      const missed = misses.get(socket);
      if (missed === undefined) socket.on('pong', heard);
      if ((missed ?? 0) >= ALLOWED_MISSES) socket.terminate();
      else if (socket.readyState === socket.OPEN) {
        misses.set(socket, (missed ?? 0) + 1);
        socket.ping();
      }
    }
  }, intervalMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
