import type { Server } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { getOperationAST, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Context } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { newId } from '@shop/platform/ids';
import { refuseCardNumbers } from './card-number.js';
import { preferredLocale, type ClientRequest } from './client-request.js';
import type { Limits } from './config.js';
import type { ClientOperation, Engine } from './engine.js';
import type { Credential, Identity } from './identity.js';
import type { CheckedOperation } from './operation-check.js';

export interface SocketDoorOptions {
  server: Server;
  path: string;
  apollo: ApolloServer<ClientRequest>;
  engine: Engine;
  identity: Identity;
  check(text: string): CheckedOperation;
  mask(error: GraphQLError): GraphQLError;
  limits: Limits;
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

const payloadSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/**
 * `/graphql` over graphql-transport-ws, for subscriptions, queries and mutations, under the same rules as HTTP. The credential comes with
 * `connection_init`; a wrong one closes the socket with 4403, and so does its expiry or the end of its session.
 */
export function openSocketDoor({
  server,
  path,
  apollo,
  engine,
  identity,
  check,
  mask,
  limits,
  requestTimeoutMs,
}: SocketDoorOptions): SocketDoor {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.frameBytes });
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== path) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  const credentials = new WeakMap<object, Credential>();
  const end = (socket: Extra['socket'], reason: string) => {
    // A client that does not answer the closing frame may go on asking for a while: as nobody.
    credentials.delete(socket);
    socket.close(4403, reason);
  };

  const requestOf = (context: Context<Record<string, unknown>, Extra>, signal: AbortSignal): ClientRequest => {
    const { headers, socket } = context.extra.request;
    return {
      viewer: credentials.get(context.extra.socket)?.viewer ?? { kind: 'anonymous' },
      locale: preferredLocale(headers['accept-language']),
      clientAddress: socket.remoteAddress ?? '',
      requestId: newId(),
      traceparent: null,
      deadlineAtMs: Date.now() + requestTimeoutMs,
      signal,
    };
  };
  const once = async ({ document, operationName, variables }: ClientOperation, request: ClientRequest): Promise<ExecutionResult> => {
    const { body } = await apollo.executeOperation(
      { query: document, variables, ...(operationName && { operationName }) },
      { contextValue: request },
    );
    return body.kind === 'single'
      ? (body.singleResult as ExecutionResult)
      : { errors: [new GraphQLError('Incremental delivery is not offered.')] };
  };
  const live = async (
    operation: ClientOperation,
    context: Context<Record<string, unknown>, Extra>,
  ): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> => {
    const stopping = new AbortController();
    context.extra.socket.once('close', () => stopping.abort());
    const stream = await engine.subscribe(operation, requestOf(context, stopping.signal));
    return Symbol.asyncIterator in stream ? endedBy(stopping, stream, mask) : masked(stream, mask);
  };

  const served = useServer<Record<string, unknown>>(
    {
      connectionInitWaitTimeout: limits.socketInitTimeoutMs,
      onConnect: async (context) => {
        const init = initSchema.safeParse(context.connectionParams ?? {});
        const { authorization, Authorization, headers } = init.data ?? {};
        try {
          const credential = await identity.authenticate(
            authorization ?? Authorization ?? headers?.authorization ?? headers?.Authorization,
          );
          credentials.set(context.extra.socket, credential);
          atExpiry(context.extra.socket, credential, () => end(context.extra.socket, 'Token expired'));
          return init.success;
        } catch (error) {
          if (error instanceof GraphQLError) return false;
          throw error;
        }
      },
      onSubscribe: async (context, _id, rawPayload) => {
        const payload = payloadSchema.safeParse(rawPayload);
        if (!payload.success) return [new GraphQLError('A subscribe message needs a query.', { extensions: { code: 'BAD_REQUEST' } })];
        const { query, variables, operationName } = payload.data;
        const checked = check(query);
        if (checked.kind === 'refused') return checked.errors;
        const refusal = refuseCardNumbers(checked.document, variables);
        if (refusal) return [refusal];
        const operation: ClientOperation = {
          document: checked.document,
          operationName: operationName ?? undefined,
          variables: variables ?? {},
        };
        if (!getOperationAST(operation.document, operation.operationName))
          return [
            new GraphQLError('Which operation? The document holds none of that name, or several.', {
              extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
            }),
          ];
        return {
          schema: engine.apiSchema,
          document: operation.document,
          operationName: operation.operationName ?? null,
          contextValue: { operation, context },
        } satisfies ExecutionArgs;
      },
      execute: (async ({ contextValue: { operation, context } }: { contextValue: Started }) =>
        once(operation, requestOf(context, AbortSignal.timeout(requestTimeoutMs)))) as never,
      subscribe: (async ({ contextValue: { operation, context } }: { contextValue: Started }) =>
        live(operation, context).catch((error: unknown) =>
          masked({ errors: [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })] }, mask),
        )) as never,
    },
    sockets,
    15_000,
  );
  return {
    endSession: (sessionId) => {
      for (const socket of sockets.clients) {
        const viewer = credentials.get(socket)?.viewer;
        if (viewer?.kind === 'user' && viewer.sessionId === sessionId) end(socket, 'Session ended');
      }
    },
    [Symbol.asyncDispose]: async () => {
      await served.dispose();
      sockets.close();
    },
  };
}

interface Started {
  operation: ClientOperation;
  context: Context<Record<string, unknown>, Extra>;
}

function atExpiry(socket: Extra['socket'], { expiresAtMs }: Credential, end: () => void): void {
  if (expiresAtMs === null) return;
  const wait = Math.min(Math.max(0, expiresAtMs - Date.now()), 2 ** 31 - 1);
  const timer = setTimeout(end, wait);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

function masked(result: ExecutionResult, mask: (error: GraphQLError) => GraphQLError): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(mask) } : result;
}

/** The client's `complete` ends the upstream at once, also while it waits. */
function endedBy(
  stopping: AbortController,
  source: AsyncIterableIterator<ExecutionResult>,
  mask: (error: GraphQLError) => GraphQLError,
): AsyncIterableIterator<ExecutionResult> {
  const stream: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      const step = await source.next();
      return step.done ? { done: true, value: undefined } : { done: false, value: masked(step.value, mask) };
    },
    return: async () => {
      stopping.abort();
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
