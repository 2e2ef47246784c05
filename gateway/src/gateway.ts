import type { FastifyInstance } from 'fastify';
import type { Logger } from '@shop/platform/logger';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { createCompiledEngine } from './compiled-engine.js';
import { defaultSocketTiming, type GatewayConfig } from './config.js';
import { createIdentity, type Credential } from './identity.js';
import { limitWatch, type LimitCount } from './limits/limit-watch.js';
import { startLoadShedding } from './load-shedding.js';
import { maskWithLog } from './masking.js';
import { openDoors } from './open-doors.js';
import { operationCheck } from './operation-check.js';
import { documentsAsText } from './resolve-document.js';
import { createStockEngine } from './stock-engine.js';
import { viewerAuthorization, type DecidePolicies, type DenialCount } from './viewer-authorization.js';

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
export { accessTokenIdentity } from './access-token-identity.js';
export { authorizationModes, type AuthorizationMode } from './engine/plan-cache.js';
export type { DenialCount } from './viewer-authorization.js';
export type { LimitCount } from './limits/limit-watch.js';

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
  /** Decides `@policy`; none holds without it. */
  policies?: DecidePolicies;
  /** More routes beside `/graphql`, e.g. pages; called before the gateway listens. */
  routes?(app: FastifyInstance, authenticate: Authenticate): Promise<void>;
}

export interface Gateway extends AsyncDisposable {
  app: FastifyInstance;
  /** Starts listening; returns the port. */
  listen(port: number, host: string): Promise<number>;
  /** How often each limit was passed since the start, refused or only measured. */
  limitCounts(): readonly LimitCount[];
  /** How often each field was denied for want of a scope, or would have been. */
  denialCounts(): readonly DenialCount[];
}

/** The one endpoint. Disposing drains: not ready first, then sockets with 1001, then connections. */
export async function startGateway(
  config: GatewayConfig,
  { transports, logger, sessionRevocations, routes, policies }: GatewayParts,
): Promise<Gateway> {
  const authorization = viewerAuthorization(config.authorization ?? 'filter', logger, policies);
  const engine =
    config.engine === 'apollo'
      ? createStockEngine(config.supergraphSdl, transports)
      : createCompiledEngine(config.supergraphSdl, transports, { authorization: authorization.options });
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
  const doors = await openDoors({
    engine,
    identity,
    resolveDocument: documentsAsText,
    check: operationCheck(engine.apiSchema, config, watch, shedding),
    mask: maskWithLog(logger),
    limits,
    watch,
    timing: config.socketTiming ?? defaultSocketTiming,
    origins: config.corsOrigins,
    trustProxy: config.trustProxy,
    requestTimeoutMs: config.requestTimeoutMs,
    drainDelayMs: config.drainDelayMs,
    routes: async (app) => routes?.(app, identity.authenticate),
  });
  const revocations = sessionRevocations?.((sessionId) => {
    identity.revoke(sessionId);
    doors.sockets.endSession(sessionId);
  });
  return {
    app: doors.app,
    listen: doors.listen,
    limitCounts: doors.limitCounts,
    denialCounts: authorization.counts,
    [Symbol.asyncDispose]: async () => {
      await doors[Symbol.asyncDispose]();
      revocations?.[Symbol.dispose]();
      shedding[Symbol.dispose]();
    },
  };
}
