import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { networkOf } from '@shop/platform/network-address';
import { preferredLocale } from '../client-request.js';
import type { SocketTiming } from '../config.js';
import type { Credential } from '../identity.js';
import { boundOf, excessOf, type Limits } from '../limits/limits.js';
import type { LimitWatch } from '../limits/limit-watch.js';
import type { SocketCount } from '../limits/socket-count.js';
import { addressOf, isAllowedOrigin, refuseUpgrade } from '../socket-upgrade.js';
import { SocketConnection, type ConnectionParts } from './socket-connection.js';
import { drainConnections } from './socket-drain.js';
import { closings } from './socket-messages.js';
import { pingSockets } from './socket-ping.js';

/** Even where a message's size is only measured, nobody fills our memory. */
const MAX_FRAME_BYTES = 16_000_000;

const SUBPROTOCOL = 'graphql-transport-ws';

export interface SocketDoorOptions extends Omit<ConnectionParts, 'initTimeoutMs'> {
  server: Server;
  ofAddress: SocketCount;
  path: string;
  timing: SocketTiming;
  /** Browser origins beside our own. */
  origins: readonly string[];
  trustProxy: boolean;
}

export interface SocketDoor extends AsyncDisposable {
  /** Closes the sockets of these credentials with 4403. */
  endSockets(isEnded: (credential: Credential) => boolean): void;
}

/**
 * `/graphql` over graphql-transport-ws, for subscriptions, queries and mutations, under the same rules as HTTP. The credential comes with
 * `connection_init`, and a newer one of the same viewer with `ping`; a wrong one closes the socket with 4403, and so does its expiry or
 * the end of its session. Disposing lets nobody in any more and closes with 1001, spread over a while.
 */
export function openSocketDoor(options: SocketDoorOptions): SocketDoor {
  const { server, path, limits, watch, timing, trustProxy, ofAddress } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered][0] ?? false)),
    maxPayload: boundOf(limits.frameBytes, MAX_FRAME_BYTES),
  });
  const parts: ConnectionParts = { ...options, initTimeoutMs: timing.initTimeoutMs };
  const connections = new Map<WebSocket, SocketConnection>();
  const pinging = pingSockets(connections, timing.pingIntervalMs);
  const draining = new AbortController();

  const open = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const clientAddress = addressOf(request, trustProxy);
    const locale = preferredLocale(request.headers['accept-language']);
    const leave = ofAddress.enter(networkOf(clientAddress));
    if (!leave) return refuseUpgrade(socket, '429 Too Many Requests');
    socket.once('close', leave);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      watchFrames(ws, limits, watch);
      if (ws.protocol !== SUBPROTOCOL) return ws.close(...closings.wrongSubprotocol);
      connections.set(ws, new SocketConnection(ws, { clientAddress, locale }, parts));
      ws.once('close', () => connections.delete(ws));
    });
  };
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== path) return socket.destroy();
    if (draining.signal.aborted) return refuseUpgrade(socket, '503 Service Unavailable');
    if (!isAllowedOrigin(request, options)) return refuseUpgrade(socket, '403 Forbidden');
    open(request, socket, head);
  });
  return {
    endSockets: (isEnded) => {
      for (const connection of connections.values())
        if (connection.credential && isEnded(connection.credential)) connection.close('sessionEnded');
    },
    [Symbol.asyncDispose]: async () => {
      draining.abort();
      await drainConnections(connections, timing.drainSpreadMs);
      pinging[Symbol.dispose]();
      sockets.close();
    },
  };
}

function watchFrames(socket: WebSocket, { frameBytes }: Limits, watch: LimitWatch): void {
  // Anybody can make such an error: ws itself closes with the right code.
  socket.on('error', (error) => {
    if ('code' in error && error.code === FRAME_TOO_LONG)
      watch.refuses({ limit: 'frameBytes', measured: frameBytes.max + 1, max: frameBytes.max });
  });
  if (frameBytes.mode !== 'measure') return;
  socket.on('message', (data: Buffer) => {
    for (const excess of excessOf('frameBytes', frameBytes, () => data.length)) watch.refuses(excess);
  });
}

/** As ws calls it. */
const FRAME_TOO_LONG = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
