import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import Fastify, { type FastifyInstance } from 'fastify';
import { GraphQLError, subscribe, type ExecutionResult, type FormattedExecutionResult } from 'graphql';
import { documentCache } from './document-cache.js';
import { envelopeVerifier, ENVELOPE_HEADER, type EnvelopeClaims } from './envelope.js';
import { maskError } from './error-masking.js';
import { eventStream } from './event-stream.js';
import type { FederatedSchema } from './federated-schema.js';
import { badUserInput, unauthenticated } from './graphql-errors.js';
import { GRAPHQL_PATH, parseGraphQLBody, type GraphQLBody } from './graphql-body.js';
import { endConnectionsOnce, withDeadline } from './lifecycle.js';
import type { Logger } from './logger.js';
import { MAX_REPRESENTATIONS } from './reference.js';
import type { RequestContext } from './request-context.js';
import { serveSubscriptions } from './subscription-socket.js';

export interface SubgraphServerOptions<C extends RequestContext> {
  name: string;
  schema: FederatedSchema;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: readonly string[];
  /** Adds what the resolvers of this subgraph need. */
  context(request: RequestContext): C;
  /** Rejects while the subgraph cannot serve: its own database is away or behind on migrations. */
  ready(): Promise<void>;
  logger: Logger;
}

/** The door of a subgraph: over HTTP and WebSocket when it listens, or called directly in the same process. Both check the envelope. */
export interface SubgraphServer extends AsyncDisposable {
  name: string;
  sdl: string;
  /** Routes of its own may be added before `listen`. */
  app: FastifyInstance;
  /** Runs a query or mutation. `bodyText` is what the envelope's hash was taken of. Throws UNAUTHENTICATED without a valid envelope. */
  execute(body: GraphQLBody, bodyText: string, envelope: string | undefined, signal?: AbortSignal): Promise<FormattedExecutionResult>;
  /** Runs a subscription until `signal` fires; an `ExecutionResult` instead of a stream says why it did not start. */
  subscribe(
    body: GraphQLBody,
    bodyText: string,
    envelope: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
  /** Starts listening; returns the port. */
  listen(port: number, host?: string): Promise<number>;
  /** From now on it calls itself not ready and ends each connection with its answer, so that no more work is sent to it; what comes all the same is done. */
  drain(): void;
}

/** For callers that never leave; the deadline of the envelope still counts. */
const never = new AbortController().signal;

const CALLER_LEFT = new Error('The caller has left.');

export async function startSubgraphServer<C extends RequestContext>(options: SubgraphServerOptions<C>): Promise<SubgraphServer> {
  const { name, schema, logger } = options;
  const mask = maskError(logger);
  const documents = documentCache(schema.schema, 1_000);
  const verify = envelopeVerifier(options.envelopeSecrets);
  const apollo = new ApolloServer<C>({
    schema: schema.schema,
    introspection: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    formatError: mask,
    logger: { debug: () => undefined, info: () => undefined, warn: (m) => logger.warn(m), error: (m) => logger.error(m) },
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();

  const authenticate = (envelope: string | undefined, bodyText: string): EnvelopeClaims => {
    const verdict = verify(envelope, { method: 'POST', path: GRAPHQL_PATH, body: bodyText }, Date.now());
    if (verdict.kind === 'valid') return verdict.claims;
    logger.warn({ reason: verdict.reason }, 'envelope refused');
    throw unauthenticated();
  };
  const contextOf = ({ deadlineAtMs: _deadline, ...claims }: EnvelopeClaims, signal: AbortSignal): C =>
    options.context({ ...claims, signal });
  const execute: SubgraphServer['execute'] = async (body, bodyText, envelope, caller = never) => {
    const claims = authenticate(envelope, bodyText);
    using deadline = withDeadline(caller, Math.max(0, claims.deadlineAtMs - Date.now()));
    const representations = body.variables?.['representations'];
    if (Array.isArray(representations) && representations.length > MAX_REPRESENTATIONS)
      throw badUserInput(`At most ${MAX_REPRESENTATIONS} entities at a time.`);
    const { body: answer } = await apollo.executeOperation(
      {
        query: body.query,
        ...(body.variables && { variables: body.variables }),
        ...(body.operationName && { operationName: body.operationName }),
      },
      { contextValue: contextOf(claims, deadline.signal) },
    );
    if (answer.kind === 'single') return answer.singleResult;
    throw new Error('Incremental delivery is not offered.');
  };
  const subscribeTo: SubgraphServer['subscribe'] = async (body, bodyText, envelope, signal) => {
    const claims = authenticate(envelope, bodyText);
    const document = documents.get(body.query);
    if (document.kind === 'invalid') return { errors: document.errors };
    const stopping = new AbortController();
    const source = await subscribe({
      schema: schema.schema,
      document: document.document,
      variableValues: body.variables ?? null,
      operationName: body.operationName ?? null,
      contextValue: options.context({ ...claims, signal: AbortSignal.any([signal, stopping.signal]) }),
    });
    if (!(Symbol.asyncIterator in source)) return masked(source, mask);
    const failed = (err: unknown) => logger.error({ err }, 'the source of a subscription failed');
    return eventStream(source, { map: (event) => masked(event, mask), failed, stopping });
  };

  const app = Fastify({ bodyLimit: 5_000_000, trustProxy: false, routerOptions: { maxParamLength: 500 } });
  const stopping = new AbortController();
  endConnectionsOnce(stopping.signal, app);
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    if (stopping.signal.aborted) return reply.code(503).send({ status: 'draining' });
    const fault = await options.ready().then(
      () => null,
      (err: unknown) => ({ err }),
    );
    if (fault) logger.warn({ err: fault.err }, 'not ready');
    return reply.code(fault ? 503 : 200).send({ status: fault ? 'unavailable' : 'ready' });
  });
  await app.register(async (scope) => {
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
  });
  const sockets = serveSubscriptions(app.server, GRAPHQL_PATH, subscribeTo);
  return {
    name,
    sdl: schema.sdl,
    app,
    execute,
    subscribe: subscribeTo,
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
      await apollo.stop();
    },
  };
}

function refusalFor(error: unknown): { status: number; message: string } {
  if (!(error instanceof GraphQLError)) return { status: 500, message: 'Something went wrong here.' };
  return { status: error.extensions['code'] === 'UNAUTHENTICATED' ? 401 : 400, message: error.message };
}

function masked(result: ExecutionResult, mask: ReturnType<typeof maskError>): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => toError(mask(error.toJSON(), error))) };
}

function toError({ message, path, extensions }: ReturnType<ReturnType<typeof maskError>>): GraphQLError {
  return new GraphQLError(message, { ...(path && { path: [...path] }), ...(extensions && { extensions }) });
}
