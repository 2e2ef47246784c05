import type { WebSocket } from 'ws';
import { pause } from '@shop/platform/lifecycle';
import type { SocketConnection } from './socket-connection.js';

/** A client that does not answer the closing frame is not waited for any longer. */
const FAREWELL_MS = 2_000;

/**
 * Closes every socket with 1001, each at a moment of its own within `spreadMs`, so that not all clients come back at once. Resolves when
 * all have gone.
 */
export async function drainConnections(connections: ReadonlyMap<WebSocket, SocketConnection>, spreadMs: number): Promise<void> {
  await Promise.all([...connections].map(([socket, connection]) => drainOne(socket, connection, Math.random() * spreadMs)));
}

async function drainOne(socket: WebSocket, connection: SocketConnection, waitMs: number): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  await pause(waitMs, closed.signal);
  await connection.drain();
  await pause(FAREWELL_MS, closed.signal);
  socket.terminate();
}
