import type { FastifyInstance } from 'fastify';
import { systemClock } from '@shop/platform/clock';
import type { Logger } from '@shop/platform/logger';
import { inProcessRateLimiter, type RateLimiter } from '@shop/platform/rate-limit';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { createApolloEngine, createCompiledEngine, subgraphFetcher } from './compiled-engine.js';
import { defaultLiveFields, defaultSocketTiming, type GatewayConfig } from './config.js';
import { exposition } from './exposition.js';
import { gatewayMetrics } from './gateway-metrics.js';
import { generations, type Reload, type ReloadCounts } from './generations.js';
import { guardedFetchers, type FetchCounts } from './guarded-fetchers.js';
import { createIdentity, type Credential } from './identity.js';
import { batchLimit } from './limits/batch-limit.js';
import type { LiveCounts } from './engine/live/live-hub.js';
import { limitWatch, type LimitCount } from './limits/limit-watch.js';
import { startLoadShedding } from './load-shedding.js';
import { maskWithLog } from './masking.js';
import { openDoors } from './open-doors.js';
import { operationCheck } from './operation-check.js';
import { currentLists } from './partners/current-lists.js';
import { openPartners } from './partners/open-partners.js';
import type { PartnerCount } from './partners/partner-gate.js';
import { nothingPersisted, registeredTexts, type ReadLists } from './partners/persisted-lists.js';
import { watchKeys } from './partners/watch-keys.js';
import { watchedLists } from './partners/watched-lists.js';
import { defaultResilience } from './resilient-fetcher.js';
import { refuseUnknownSubgraphs } from './supergraph.js';
import { viewerAuthorization, type DecidePolicies, type DenialCount } from './viewer-authorization.js';
import { watchedFile } from './watched-file.js';

export { engineNames, type EngineName, type GatewayConfig } from './config.js';
export { defaultLimits, limitsOf } from './limits/limits.js';
export { accessTokenIdentity } from './access-token-identity.js';
export { listenForMetrics } from './metrics-listener.js';
export { newsOfUsers } from './news-of-users.js';
export type { AuthorizationMode } from './engine/plan-cache.js';
export type { PartnerCount } from './partners/partner-gate.js';
export { loadPersistedLists, type PersistedLists } from './partners/persisted-lists.js';
export type { Reload, ReloadCounts } from './generations.js';
export type { DenialCount } from './viewer-authorization.js';
export type { LiveCounts } from './engine/live/live-hub.js';
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
  /**
   * Calls `hear` with the id of every API client whose keys are not what they were, until disposed. Without it such a key goes on for up
   * to 5 seconds.
   */
  apiClientChanges?(hear: (clientId: string) => void): Disposable;
  /** What partners ask is counted here; in this process alone when left out. */
  rateLimiter?: RateLimiter;
  /** Decides `@policy`; none holds without it. */
  policies?: DecidePolicies;
  /** More routes beside `/graphql`, e.g. pages; called before the gateway listens. */
  routes?(app: FastifyInstance, authenticate: Authenticate): Promise<void>;
}

export interface Gateway extends AsyncDisposable {
  app: FastifyInstance;
  /** Starts listening as soon as operations can be planned; returns the port. */
  listen(port: number, host: string): Promise<number>;
  /**
   * Goes over to another supergraph without a restart: built and warmed beside the present one, then taken over at once. Subscriptions go on;
   * one that the new schema does not know ends with SUBSCRIPTION_SCHEMA_RELOAD. Never rejects: one that cannot be served is refused and logged.
   */
  reload(supergraphSdl: string): Promise<Reload>;
  reloadCounts(): ReloadCounts;
  /** Everything that is counted, in the text format of Prometheus. */
  metrics(): string;
  /** How often each limit was passed since the start, refused or only measured. */
  limitCounts(): readonly LimitCount[];
  /** How many subscriptions are followed now, and how much of it is shared. */
  liveCounts(): LiveCounts;
  /** How often each field was denied for want of a scope, or would have been. */
  denialCounts(): readonly DenialCount[];
  /** What became of calls of subgraphs, by our own executor. */
  fetchCounts(): FetchCounts;
  /** What became of partners' operations since the start. */
  partnerCounts(): readonly PartnerCount[];
}

/** The one endpoint. Disposing drains: not ready first, then sockets with 1001, then connections. */
export async function startGateway(
  config: GatewayConfig,
  { transports, logger, sessionRevocations, apiClientChanges, rateLimiter, routes, policies }: GatewayParts,
): Promise<Gateway> {
  const { limits } = config;
  const watch = limitWatch(limits, logger);
  const authorization = viewerAuthorization(config.authorization ?? 'filter', logger, policies);
  const guarded = guardedFetchers(
    new Map(
      [...transports].map(([name, transport]) => [name, { fetcher: subgraphFetcher(transport), isRemote: transport.isRemote === true }]),
    ),
    {
      resilience: { ...defaultResilience, ...config.resilience },
      judgeBatch: batchLimit(limits, watch),
    },
  );
  const engineOf = (supergraphSdl: string) => {
    const options = { authorization: authorization.options, liveFields: config.liveFields ?? defaultLiveFields };
    const create = config.engine === 'apollo' ? createApolloEngine : createCompiledEngine;
    return create(supergraphSdl, guarded.fetchers, options);
  };
  const shedding = startLoadShedding({ aboveDelayMs: config.shedAboveDelayMs ?? 200, lastRefused: ['checkout'] });
  const persisted = currentLists(config.persisted ?? nothingPersisted, logger);
  const schemas = generations({
    build: (supergraphSdl) => {
      refuseUnknownSubgraphs(supergraphSdl, transports);
      const engine = engineOf(supergraphSdl);
      return { engine, check: operationCheck(engine.apiSchema, { ...config, supergraphSdl }, watch, shedding) };
    },
    supergraphSdl: config.supergraphSdl,
    registered: () => registeredTexts(persisted.lists()),
    logger,
    graceMs: config.requestTimeoutMs + 1_000,
  });
  const users = transports.get('users');
  const partners = openPartners({
    lists: persisted.lists,
    users,
    limiter: rateLimiter ?? inProcessRateLimiter(systemClock),
    logger,
  });
  const identity = createIdentity({
    issuer: config.tokenIssuer,
    audience: config.tokenAudience,
    orderTokenSecrets: config.orderTokenSecrets,
    fetchKeys: async () => users?.getJson('/.well-known/jwks.json', AbortSignal.timeout(2_000)),
    partners: partners.directory,
  });
  const doors = await openDoors({
    engine: schemas.engine,
    identity,
    resolveDocument: partners.gate.resolveDocument,
    check: { ...schemas.check, afford: partners.gate.afford, streamOf: partners.gate.streamOf },
    mask: maskWithLog(logger),
    limits,
    watch,
    timing: { ...defaultSocketTiming, ...config.socketTiming },
    origins: config.corsOrigins,
    trustProxy: config.trustProxy,
    requestTimeoutMs: config.requestTimeoutMs,
    drainDelayMs: config.drainDelayMs,
    warmed: schemas.warmed,
    routes: async (app) => routes?.(app, identity.authenticate),
  });
  const revocations = sessionRevocations?.((sessionId) => {
    identity.revoke(sessionId);
    doors.endStreams(({ viewer }) => viewer.kind === 'user' && viewer.sessionId === sessionId);
  });
  const keys = watchKeys(partners.directory, doors, logger);
  const changes = apiClientChanges?.((clientId) => {
    partners.directory.forget(clientId);
    keys.wake();
  });
  const reload = (supergraphSdl: string) => schemas.reload(supergraphSdl, doors.hub);
  const watching = config.supergraphFile === undefined ? null : watchedFile(config.supergraphFile, (text) => void reload(text));
  const takeLists = (read: ReadLists) => {
    const taken = persisted.take(read);
    if (taken.kind !== 'taken') return;
    partners.gate.listsChanged();
    void schemas.warm(taken.added);
  };
  const listing = config.persistedFolder === undefined ? null : watchedLists(config.persistedFolder, takeLists, logger);
  return {
    app: doors.app,
    listen: async (port, host) => {
      await schemas.ready;
      return doors.listen(port, host);
    },
    reload,
    metrics: () =>
      exposition(
        gatewayMetrics({
          limits: watch.counts(),
          denials: authorization.counts(),
          partners: partners.gate.counts(),
          fetches: guarded.counts(),
          reloads: schemas.counts(),
          listReloads: persisted.counts(),
          live: doors.hub.counts(),
          deliveries: doors.deliveryCounts(),
          plans: schemas.engine.plans,
        }),
      ),
    reloadCounts: schemas.counts,
    limitCounts: doors.limitCounts,
    liveCounts: doors.hub.counts,
    denialCounts: authorization.counts,
    fetchCounts: guarded.counts,
    partnerCounts: partners.gate.counts,
    [Symbol.asyncDispose]: async () => {
      watching?.[Symbol.dispose]();
      await listing?.[Symbol.asyncDispose]();
      await doors[Symbol.asyncDispose]();
      revocations?.[Symbol.dispose]();
      changes?.[Symbol.dispose]();
      await keys[Symbol.asyncDispose]();
      await schemas[Symbol.asyncDispose]();
      shedding[Symbol.dispose]();
    },
  };
}
