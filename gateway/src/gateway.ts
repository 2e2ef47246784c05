import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { maskError } from '@shop/platform/error-masking';
import type { Logger } from '@shop/platform/logger';
import { endConnectionsOnce, pause } from '@shop/platform/lifecycle';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import type { ClientRequest } from './client-request.js';
import { createCompiledEngine } from './compiled-engine.js';
import { defaultSocketTiming, type GatewayConfig } from './config.js';
import { GRAPHQL_ROUTE, openHttpDoor } from './http-door.js';
import { createIdentity, type Credential } from './identity.js';
import { limitWatch, type LimitCount } from './limits/limit-watch.js';
import { boundOf } from './limits/limits.js';
import { operationCheck, operationPlugin } from './operation-check.js';
import { startLoadShedding } from './load-shedding.js';
import { openSocketDoor } from './socket-door.js';
import { createStockEngine } from './stock-engine.js';

export {
  defaultLimits,
  defaultMaxima,
  engineNames,
  limitModes,
  limitsOf,
  type EngineName,
  type GatewayConfig,
  type LimitMode,
  type LimitName,
  type Limits,
} from './config.js';
export type { LimitCount } from './limits/limit-watch.js';

/** Even where a size is only measured, nobody fills our memory. */
const MAX_REQUEST_BYTES = 16_000_000;

/** Who the bearer of an Authorization header is; throws UNAUTHENTICATED when it is not valid. */
export type Authenticate = (authorization: string | undefined) => Promise<Credential>;

export interface GatewayParts {
  /** How each subgraph of the supergraph is reached, by its name. */
  transports: ReadonlyMap<string, SubgraphTransport>;
  logger: Logger;
  /**
   * Calls `hear` with the id of every session that ended before its time, until disposed. Without it, and after a restart, the access
   * tokens of such a session go on until they expire.
   */
  sessionRevocations?(hear: (sessionId: string) => void): Disposable;
  /** More routes beside `/graphql`, e.g. pages; called before the gateway listens. */
  routes?(app: FastifyInstance, authenticate: Authenticate): Promise<void>;
}

export interface Gateway extends AsyncDisposable {
  app: FastifyInstance;
  /** Starts listening; returns the port. */
  listen(port: number, host: string): Promise<number>;
  /** How often each limit was passed since the start, refused or only measured. */
  limitCounts(): readonly LimitCount[];
}

/** The one endpoint. Disposing drains: not ready first, then sockets with 1001, then connections. */
export async function startGateway(
  config: GatewayConfig,
  { transports, logger, sessionRevocations, routes }: GatewayParts,
): Promise<Gateway> {
  const engine = (config.engine === 'apollo' ? createStockEngine : createCompiledEngine)(config.supergraphSdl, transports);
  const users = transports.get('users');
  const identity = createIdentity({
    issuer: config.tokenIssuer,
    audience: config.tokenAudience,
    orderTokenSecrets: config.orderTokenSecrets,
    fetchKeys: async () => users?.getJson('/.well-known/jwks.json', AbortSignal.timeout(2_000)),
  });
  const { limits } = config;
  const watch = limitWatch(limits, logger);
  const shedding = startLoadShedding({ aboveDelayMs: config.shedAboveDelayMs ?? 200, lastRefused: ['checkout'] });
  const check = operationCheck(engine.apiSchema, config, watch, shedding);
  const formatError = maskError(logger);
  const apollo = new ApolloServer<ClientRequest>({
    gateway: engine.gateway,
    introspection: config.introspection,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    persistedQueries: false,
    // Documents have passed `operationCheck` when they come here.
    dangerouslyDisableValidation: true,
    formatError,
    stopOnTerminationSignals: false,
    plugins: [
      operationPlugin(check.operation),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();

  const draining = new AbortController();
  const app = Fastify({
    bodyLimit: boundOf(limits.requestBytes, MAX_REQUEST_BYTES),
    trustProxy: config.trustProxy,
    forceCloseConnections: 'idle',
  });
  endConnectionsOnce(draining.signal, app);
  await app.register(helmet, { contentSecurityPolicy: false });
  await app.register(cors, { origin: [...config.corsOrigins], methods: ['GET', 'POST'] });
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) =>
    reply.code(draining.signal.aborted ? 503 : 200).send({ status: draining.signal.aborted ? 'draining' : 'ready' }),
  );
  await openHttpDoor(app, { apollo, identity, check, limits, watch, requestTimeoutMs: config.requestTimeoutMs });
  await routes?.(app, identity.authenticate);
  const sockets = openSocketDoor({
    server: app.server,
    path: GRAPHQL_ROUTE,
    apollo,
    engine,
    identity,
    check,
    mask: (error) => {
      const { message, path, extensions } = formatError(error.toJSON(), error);
      return new GraphQLError(message, { ...(path && { path: [...path] }), ...(extensions && { extensions }) });
    },
    limits,
    watch,
    timing: config.socketTiming ?? defaultSocketTiming,
    origins: config.corsOrigins,
    trustProxy: config.trustProxy,
    requestTimeoutMs: config.requestTimeoutMs,
  });
  const revocations = sessionRevocations?.((sessionId) => {
    identity.revoke(sessionId);
    sockets.endSession(sessionId);
  });
  return {
    app,
    listen: async (port, host) => {
      await app.listen({ port, host });
      const address = app.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    limitCounts: watch.counts,
    [Symbol.asyncDispose]: async () => {
      draining.abort();
      await pause(config.drainDelayMs, AbortSignal.any([]));
      revocations?.[Symbol.dispose]();
      await sockets[Symbol.asyncDispose]();
      await app.close();
      await apollo.stop();
      shedding[Symbol.dispose]();
    },
  };
}
