import type { Server } from 'node:http';
import { GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Context } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { newId } from '@shop/platform/ids';
import { networkOf } from '@shop/platform/network-address';
import { preferredLocale, type ClientRequest } from './client-request.js';
import type { SocketTiming } from './config.js';
import type { ClientOperation, Engine } from './engine.js';
import { formOfPayload } from './http/request-form.js';
import type { Credential, Identity } from './identity.js';
import { boundedQueue, type SocketLoad } from './limits/bounded-queue.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { boundOf, excessOf, type Limits } from './limits/limits.js';
import { refusal, responseTooLarge } from './limits/refusal.js';
import type { MaskError } from './masking.js';
import type { OperationCheck } from './operation-check.js';
import type { ResolveDocument } from './resolve-document.js';
import { asGraphQLError, judgeOperation, runOperation } from './run-operation.js';
import { addressOf, isAllowedOrigin, refuseUpgrade } from './socket-upgrade.js';
import { socketCount } from './limits/socket-count.js';
import { pingSockets } from './socket-ping.js';
import { mapStream } from './stream.js';

/** Even where a message's size is only measured, nobody fills our memory. */
const MAX_FRAME_BYTES = 16_000_000;

/** graphql-ws would ping by a timer for each socket, and drop it at the first miss. */
const NO_PINGS = 0;

export interface SocketDoorOptions {
  server: Server;
  path: string;
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
}

export interface SocketDoor extends AsyncDisposable {
  /** Closes every socket that was opened with an access token of this session, with 4403. */
  endSession(sessionId: string): void;
}

/** `{ "authorization": "Bearer …" }`, also inside `headers`, as clients are used to. */
const initSchema = z.object({
  authorization: z.string().optional(),
  Authorization: z.string().optional(),
  headers: z.object({ authorization: z.string().optional(), Authorization: z.string().optional() }).optional(),
});

/** For what is only judged. */
const NEVER = AbortSignal.any([]);

/**
 * `/graphql` over graphql-transport-ws, for subscriptions, queries and mutations, under the same rules as HTTP. The credential comes with
 * `connection_init`; a wrong one closes the socket with 4403, and so does its expiry or the end of its session.
 */
export function openSocketDoor(options: SocketDoorOptions): SocketDoor {
  const { server, path, engine, identity, resolveDocument, check, mask, limits, watch, timing, requestTimeoutMs } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: boundOf(limits.frameBytes, MAX_FRAME_BYTES) });
  const ofAddress = socketCount('addressSockets', limits.addressSockets, watch);
  const ofViewer = socketCount('viewerSockets', limits.viewerSockets, watch);
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== path) return socket.destroy();
    if (!isAllowedOrigin(request, options)) return refuseUpgrade(socket, '403 Forbidden');
    const leave = ofAddress.enter(networkOf(addressOf(request, options.trustProxy)));
    if (!leave) return refuseUpgrade(socket, '429 Too Many Requests');
    socket.once('close', leave);
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  const pinging = pingSockets(sockets, timing.pingIntervalMs);
  const credentials = new WeakMap<object, Credential>();
  const loads = new WeakMap<object, SocketLoad>();
  const loadOf = (socket: Extra['socket']): SocketLoad => {
    const known = loads.get(socket);
    if (known) return known;
    const load: SocketLoad = { subscriptions: new Set(), waiting: 0 };
    loads.set(socket, load);
    socket.once('close', () => load.subscriptions.forEach((each) => each.abort()));
    return load;
  };
  const end = (socket: Extra['socket'], reason: string) => {
    // A client that does not answer the closing frame may go on asking for a while: as nobody.
    credentials.delete(socket);
    socket.close(4403, reason);
  };

  const requestOf = (context: Context<Record<string, unknown>, Extra>, signal: AbortSignal): ClientRequest => {
    const { headers } = context.extra.request;
    const credential = credentials.get(context.extra.socket);
    return {
      viewer: credential?.viewer ?? { kind: 'anonymous' },
      locale: preferredLocale(headers['accept-language']),
      clientAddress: addressOf(context.extra.request, options.trustProxy),
      requestId: newId(),
      traceparent: null,
      deadlineAtMs: Date.now() + requestTimeoutMs,
      signal,
      authorization: credential?.authorization ?? null,
    };
  };
  const once = async (operation: ClientOperation, request: ClientRequest): Promise<ExecutionResult> =>
    masked(await runOperation(operation, request, engine), mask);
  const live = async (
    operation: ClientOperation,
    context: Context<Record<string, unknown>, Extra>,
  ): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> => {
    const { socket } = context.extra;
    const load = loadOf(socket);
    const [excess] = excessOf('socketSubscriptions', limits.socketSubscriptions, () => load.subscriptions.size + 1);
    if (excess && watch.refuses(excess)) return { errors: [refusal({ ...excess, limit: 'socketSubscriptions' })] };
    const stopping = new AbortController();
    load.subscriptions.add(stopping);
    stopping.signal.addEventListener('abort', () => load.subscriptions.delete(stopping));
    const stop = () => stopping.abort();
    try {
      const stream = await engine.subscribe(operation, requestOf(context, stopping.signal));
      if (Symbol.asyncIterator in stream) return boundedQueue(withMask(stream, mask), load, isTooMuch(socket), stopping);
      stop();
      return masked(stream, mask);
    } catch (error) {
      stop();
      throw error;
    }
  };
  const isTooMuch = (socket: Extra['socket']) => (waiting: number) => {
    const [excess] = excessOf('socketQueue', limits.socketQueue, () => waiting);
    if (!excess || !watch.refuses(excess)) return false;
    // 1013: come again, and resume from the last event seen.
    socket.close(1013, 'Events are not read fast enough');
    return true;
  };

  const served = useServer<Record<string, unknown>>(
    {
      connectionInitWaitTimeout: timing.initTimeoutMs,
      onConnect: async (context) => {
        const init = initSchema.safeParse(context.connectionParams ?? {});
        const { authorization, Authorization, headers } = init.data ?? {};
        try {
          const credential = await identity.authenticate(
            authorization ?? Authorization ?? headers?.authorization ?? headers?.Authorization,
          );
          if (context.extra.socket.readyState !== context.extra.socket.OPEN) return false;
          const leave = ofViewer.enter(viewerKey(credential));
          if (!leave) {
            context.extra.socket.close(1013, 'Too many sockets of one viewer');
            return false;
          }
          context.extra.socket.once('close', leave);
          credentials.set(context.extra.socket, credential);
          atExpiry(context.extra.socket, credential, () => end(context.extra.socket, 'Token expired'));
          return init.success;
        } catch (error) {
          if (error instanceof GraphQLError) return false;
          throw error;
        }
      },
      onSubscribe: async (context, _id, rawPayload) => {
        const form = formOfPayload(rawPayload);
        if (form.kind === 'faulty') return [new GraphQLError(form.message, { extensions: { code: 'BAD_REQUEST' } })];
        const judged = await judgeOperation(form.params, requestOf(context, NEVER), { resolveDocument, check });
        if (judged.kind === 'refused') return judged.errors.map(withoutHttp);
        const { operation } = judged;
        return {
          schema: engine.apiSchema,
          document: operation.document,
          operationName: operation.operationName ?? null,
          contextValue: new Started(operation, context),
        } satisfies ExecutionArgs;
      },
      execute: async (args) => {
        const { operation, context } = startedOf(args);
        return once(operation, requestOf(context, AbortSignal.timeout(requestTimeoutMs)));
      },
      subscribe: async (args) => {
        const { operation, context } = startedOf(args);
        return live(operation, context).catch((error: unknown) => masked({ errors: [asGraphQLError(error)] }, mask));
      },
      onNext: (_context, _id, _payload, _args, result) => {
        const [excess] = excessOf('responseBytes', limits.responseBytes, () => Buffer.byteLength(JSON.stringify(result)));
        return excess && watch.refuses(excess) ? { data: null, errors: [responseTooLarge(excess)] } : undefined;
      },
    },
    sockets,
    NO_PINGS,
  );
  sockets.on('connection', (socket) => {
    // graphql-ws prints every such error, and anybody can make one: ws itself closes with the right code.
    socket.removeAllListeners('error').on('error', () => undefined);
    watchFrames(socket, limits, watch);
  });
  return {
    endSession: (sessionId) => {
      for (const socket of sockets.clients) {
        const viewer = credentials.get(socket)?.viewer;
        if (viewer?.kind === 'user' && viewer.sessionId === sessionId) end(socket, 'Session ended');
      }
    },
    [Symbol.asyncDispose]: async () => {
      pinging[Symbol.dispose]();
      await served.dispose();
      sockets.close();
    },
  };
}

/** What the checks of a subscribe message hand on to its execution. */
class Started {
  constructor(
    readonly operation: ClientOperation,
    readonly context: Context<Record<string, unknown>, Extra>,
  ) {}
}

function startedOf({ contextValue }: ExecutionArgs): Started {
  if (contextValue instanceof Started) return contextValue;
  throw new Error('An operation was executed that was never checked.');
}

function atExpiry(socket: Extra['socket'], { expiresAtMs }: Credential, end: () => void): void {
  if (expiresAtMs === null) return;
  const wait = Math.min(Math.max(0, expiresAtMs - Date.now()), 2 ** 31 - 1);
  const timer = setTimeout(end, wait);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

function masked(result: ExecutionResult, mask: MaskError): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(mask) } : result;
}

function withMask(source: AsyncIterableIterator<ExecutionResult>, mask: MaskError) {
  return mapStream(source, async (result) => masked(result, mask));
}

/** Statuses are for HTTP. */
function withoutHttp(error: GraphQLError): GraphQLError {
  const { http: _http, ...extensions } = error.extensions;
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions,
  });
}

/** Nobody in particular has no limit but that of the address. */
function viewerKey({ viewer }: Credential): string | null {
  switch (viewer.kind) {
    case 'user':
      return `user ${viewer.userId}`;
    case 'order-token':
      return `order ${viewer.orderId}`;
    default:
      return null;
  }
}

function watchFrames(socket: WebSocket, { frameBytes }: Limits, watch: LimitWatch): void {
  if (frameBytes.mode !== 'measure') return;
  socket.on('message', (data: Buffer) => {
    for (const excess of excessOf('frameBytes', frameBytes, () => data.length)) watch.refuses(excess);
  });
}
