import type { Server } from 'node:http';
import { GraphQLError, GraphQLSchema, parse, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { GraphQLBody } from './graphql-body.js';

type Subscribe = (
  body: GraphQLBody,
  bodyText: string,
  envelope: string | undefined,
  signal: AbortSignal,
) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;

const payloadSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
  extensions: z.object({ envelope: z.string() }).partial().nullish(),
});

/**
 * graphql-transport-ws between our own processes. Every `subscribe` carries its own envelope in `extensions.envelope`, taken of
 * `subscriptionText`.
 */
export function serveSubscriptions(server: Server, path: string, subscribe: Subscribe): AsyncDisposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  const stopping = new AbortController();
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== path) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  const start = async ({ contextValue }: ExecutionArgs) => {
    const payload = payloadSchema.parse(contextValue);
    const body: GraphQLBody = {
      query: payload.query,
      variables: payload.variables ?? undefined,
      operationName: payload.operationName ?? undefined,
    };
    try {
      return await subscribe(body, subscriptionText(body), payload.extensions?.envelope, stopping.signal);
    } catch (error) {
      return { errors: [error instanceof GraphQLError ? error : new GraphQLError('Something went wrong here.')] };
    }
  };
  const served = useServer(
    {
      // The subgraph's own `subscribe` validates against its schema, so none is given here.
      onSubscribe: (_context, _id, payload) => ({ schema: new GraphQLSchema({}), document: parse(payload.query), contextValue: payload }),
      subscribe: start,
    },
    sockets,
    12_000,
  );
  return {
    [Symbol.asyncDispose]: async () => {
      // Sockets first: a stream that ended before its socket would look as if there were no more events.
      await served.dispose();
      stopping.abort();
      sockets.close();
    },
  };
}

/** What the envelope of a subscription is taken of. */
export function subscriptionText({ query, variables, operationName }: GraphQLBody): string {
  return JSON.stringify({ query, variables: variables ?? null, operationName: operationName ?? null });
}
