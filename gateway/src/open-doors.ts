import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import { endConnectionsOnce, pause } from '@shop/platform/lifecycle';
import type { SocketTiming } from './config.js';
import { clientHub } from './client-hub.js';
import type { ClientRequest } from './client-request.js';
import { deliveryCounts, type DeliveryCount } from './delivery-counts.js';
import type { Engine } from './engine.js';
import type { LiveHub } from './engine/live/live-hub.js';
import { httpDoor } from './http-door.js';
import { GRAPHQL_ROUTE } from './http-form.js';
import type { Credential, Identity } from './identity.js';
import type { LimitCount, LimitWatch } from './limits/limit-watch.js';
import type { Limits } from './limits/limits.js';
import { socketCount } from './limits/socket-count.js';
import type { MaskError } from './masking.js';
import type { OperationCheck } from './operation-check.js';
import type { ResolveDocument } from './resolve-document.js';
import { sharedQueries } from './shared-queries.js';
import { openSocketDoor } from './sockets/socket-door.js';
import { openStreamDoor } from './streams/stream-door.js';
import { resultWriter } from './write-result.js';

export interface DoorOptions {
  engine: Engine;
  identity: Identity;
  resolveDocument: ResolveDocument;
  check: OperationCheck;
  mask: MaskError;
  limits: Limits;
  watch: LimitWatch;
  timing: SocketTiming;
  /** Browser origins beside our own. */
  origins: readonly string[];
  trustProxy: boolean;
  requestTimeoutMs: number;
  drainDelayMs: number;
  /** Until it resolves `/health/ready` says that there is something to wait for; requests are answered all the same. */
  warmed?: Promise<void>;
  /** More routes beside `/graphql`; called before it listens. */
  routes?(app: FastifyInstance): Promise<void>;
}

export interface Doors extends AsyncDisposable {
  app: FastifyInstance;
  /** Every subscription, for a change of the schema to plan again. */
  hub: LiveHub<ClientRequest>;
  /** Ends the sockets and streams of these credentials. */
  endStreams(isEnded: (credential: Credential) => boolean): void;
  /** Starts listening; returns the port. */
  listen(port: number, host: string): Promise<number>;
  limitCounts(): readonly LimitCount[];
  deliveryCounts(): readonly DeliveryCount[];
}

/**
 * An engine behind HTTP and WebSocket at `/graphql`, with `/health/live` and `/health/ready`. Disposing drains: not ready first, then
 * sockets with 1001, then connections.
 */
export async function openDoors(options: DoorOptions): Promise<Doors> {
  const draining = new AbortController();
  const write = resultWriter(options.mask, options.limits, options.watch);
  const deliveries = deliveryCounts();
  const hub = clientHub(write, deliveries);
  const engine = sharedQueries(options.engine);
  const live = {
    ...options,
    engine,
    hub,
    deliveries,
    write,
    ofAddress: socketCount('addressSockets', options.limits.addressSockets, options.watch),
    ofViewer: socketCount('viewerSockets', options.limits.viewerSockets, options.watch),
  };
  const streams = openStreamDoor({ ...live, ...options.timing });
  const door = httpDoor({ ...options, engine, streams, stopping: draining.signal });
  const app = Fastify({
    trustProxy: options.trustProxy,
    forceCloseConnections: 'idle',
    // What asks for `/graphql` does not pass through Fastify: its way costs more than all the rest of a small request.
    serverFactory: (elsewhere) =>
      createServer((request: IncomingMessage, response: ServerResponse) => {
        if (!door(request, response)) elsewhere(request, response);
      }),
  });
  endConnectionsOnce(draining.signal, app);
  await app.register(helmet, { contentSecurityPolicy: false });
  await app.register(cors, { origin: [...options.origins], methods: ['GET', 'POST'] });
  app.get('/health/live', async () => ({ status: 'live' }));
  let isWarm = options.warmed === undefined;
  const warm = () => (isWarm = true);
  void options.warmed?.then(warm, warm);
  app.get('/health/ready', async (_, reply) => {
    const status = draining.signal.aborted ? 'draining' : isWarm ? 'ready' : 'warming';
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });
  await options.routes?.(app);
  const sockets = openSocketDoor({ ...live, server: app.server, path: GRAPHQL_ROUTE });
  return {
    app,
    hub,
    endStreams: (isEnded) => {
      sockets.endSockets(isEnded);
      streams.endStreams(isEnded);
    },
    listen: async (port, host) => {
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    limitCounts: options.watch.counts,
    deliveryCounts: deliveries.counts,
    [Symbol.asyncDispose]: async () => {
      draining.abort();
      await pause(options.drainDelayMs, AbortSignal.any([]));
      await Promise.all([sockets[Symbol.asyncDispose](), streams[Symbol.asyncDispose]()]);
      await app.close();
    },
  };
}
