import Fastify, { type FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { ENVELOPE_HEADER } from './envelope.js';
import type { FederatedSchema } from './federated-schema.js';
import { GRAPHQL_PATH, parseGraphQLBody } from './graphql-body.js';
import { endConnectionsOnce } from './lifecycle.js';
import type { Logger } from './logger.js';
import type { RequestContext } from './request-context.js';
import { openSubgraphOperations, type SubgraphOperations, type SubgraphOperationsOptions } from './subgraph-operations.js';
import { serveSubscriptions } from './subscription-socket.js';

export interface SubgraphServerOptions<C extends RequestContext> extends Omit<SubgraphOperationsOptions<C>, 'schema'> {
  name: string;
  schema: FederatedSchema;
  /** Rejects while the subgraph cannot serve: its own database is away or behind on migrations. */
  ready(): Promise<void>;
}

/** The door of a subgraph: over HTTP and WebSocket when it listens, or called directly in the same process. Both check the envelope. */
export interface SubgraphServer extends SubgraphOperations, AsyncDisposable {
  name: string;
  sdl: string;
  /** Routes of its own may be added before `listen`. */
  app: FastifyInstance;
  /** Starts listening; returns the port. */
  listen(port: number, host?: string): Promise<number>;
  /** From now on it calls itself not ready and ends each connection with its answer, so that no more work is sent to it; what comes all the same is done. */
  drain(): void;
}

const CALLER_LEFT = new Error('The caller has left.');

/** Started, and not listening yet. Disposing ends streams, then connections with their answers. */
export async function startSubgraphServer<C extends RequestContext>(options: SubgraphServerOptions<C>): Promise<SubgraphServer> {
  const { name, schema, logger } = options;
  const { execute, subscribe, ...operations } = await openSubgraphOperations({ ...options, schema: schema.schema });
  const app = Fastify({ bodyLimit: 5_000_000, trustProxy: false, routerOptions: { maxParamLength: 500 } });
  const stopping = new AbortController();
  endConnectionsOnce(stopping.signal, app);
  healthRoutes(app, stopping.signal, options);
  await app.register(async (scope) => graphqlRoute(scope, execute, logger));
  const sockets = serveSubscriptions(app.server, GRAPHQL_PATH, subscribe);
  return {
    name,
    sdl: schema.sdl,
    app,
    execute,
    subscribe,
    listen: async (port, host = '127.0.0.1') => {
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    drain: () => stopping.abort(),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await sockets[Symbol.asyncDispose]();
      await app.close();
      await operations[Symbol.asyncDispose]();
    },
  };
}

function healthRoutes(
  app: FastifyInstance,
  stopping: AbortSignal,
  { ready, logger }: Pick<SubgraphServerOptions<RequestContext>, 'ready' | 'logger'>,
): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    if (stopping.aborted) return reply.code(503).send({ status: 'draining' });
    const fault = await ready().then(
      () => null,
      (err: unknown) => ({ err }),
    );
    if (fault) logger.warn({ err: fault.err }, 'not ready');
    return reply.code(fault ? 503 : 200).send({ status: fault ? 'unavailable' : 'ready' });
  });
}

function graphqlRoute(scope: FastifyInstance, execute: SubgraphOperations['execute'], logger: Logger): void {
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_, text, done) => done(null, text));
  scope.post<{ Body: string }>(GRAPHQL_PATH, async (request, reply) => {
    const envelope = request.headers[ENVELOPE_HEADER];
    const left = new AbortController();
    reply.raw.once('close', () => reply.raw.writableFinished || left.abort(CALLER_LEFT));
    try {
      const body = parseGraphQLBody(request.body);
      return await reply
        .type('application/json')
        .send(JSON.stringify(await execute(body, request.body, typeof envelope === 'string' ? envelope : undefined, left.signal)));
    } catch (error) {
      if (!(error instanceof GraphQLError)) logger.error({ err: error }, 'request failed');
      const { status, message } = refusalFor(error);
      return reply.code(status).send({ errors: [{ message }] });
    }
  });
}

function refusalFor(error: unknown): { status: number; message: string } {
  if (!(error instanceof GraphQLError)) return { status: 500, message: 'Something went wrong here.' };
  return { status: error.extensions['code'] === 'UNAUTHENTICATED' ? 401 : 400, message: error.message };
}
