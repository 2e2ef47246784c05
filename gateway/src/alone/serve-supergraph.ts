import { GraphQLError, parse } from 'graphql';
import { createLogger, type Logger } from '@shop/platform/logger';
import { anonymous } from '@shop/platform/viewer';
import { engineOver, PLANNING } from '../compiled-engine.js';
import { defaultSocketTiming } from '../config.js';
import { authorizationRules } from '../engine/authorization-rules.js';
import type { Generation } from '../generation.js';
import { generations } from '../generations.js';
import { guardedFetchers, type GuardOptions } from '../guarded-fetchers.js';
import type { Identity } from '../identity.js';
import { batchLimit } from '../limits/batch-limit.js';
import { limitWatch } from '../limits/limit-watch.js';
import { boundOf, limitsOf, type LimitMode } from '../limits/limits.js';
import { startLoadShedding } from '../load-shedding.js';
import type { MaskError } from '../masking.js';
import { openDoors, type Doors } from '../open-doors.js';
import { operationCheck } from '../operation-check.js';
import { defaultResilience } from '../resilient-fetcher.js';
import { documentsAsText } from '../resolve-document.js';
import { watchedFile } from '../watched-file.js';
import { plainSubgraph } from './plain-subgraph.js';
import { enforcing, type SecurityEnforcement } from './security-enforcement.js';
import { subgraphAddresses } from './subgraph-addresses.js';

export interface SupergraphServing {
  supergraphSdl: string;
  /** Where it came from: what is written there later is taken over, unless it is broken. */
  supergraphFile?: string;
  limits: LimitMode;
  /** Of security directives. */
  authorization: SecurityEnforcement;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Even without limits nobody fills our memory. */
const MAX_ANSWER_BYTES = 64_000_000;

/**
 * The engine alone behind `/graphql`, for any supergraph: introspection on, subgraphs at the addresses that the supergraph names, their
 * errors told as they are. It knows nobody: what security directives guard is nobody's, unless they are left to the subgraphs, which get the
 * Authorization header. Throws when the supergraph cannot be loaded.
 */
export async function serveSupergraph({ supergraphSdl, supergraphFile, limits: mode, authorization }: SupergraphServing): Promise<Doors> {
  await using starting = new AsyncDisposableStack();
  const limits = limitsOf(mode);
  const logger = createLogger('gateway', 'warn');
  const watch = limitWatch(limits, logger);
  const maxAnswerBytes = boundOf(limits.responseBytes, MAX_ANSWER_BYTES);
  // Kept from one supergraph to the next: what is under way goes on.
  const subgraphs = new Map<string, ReturnType<typeof plainSubgraph>>();
  const pools = starting.use(new AsyncDisposableStack());
  const subgraphAt = (name: string, url: URL) => {
    const key = `${name} ${url.href}`;
    const known = subgraphs.get(key) ?? pools.use(plainSubgraph(name, url, maxAnswerBytes));
    subgraphs.set(key, known);
    return known;
  };
  const guard: GuardOptions = {
    resilience: { ...defaultResilience, queryTimeoutMs: REQUEST_TIMEOUT_MS, ...(mode !== 'enforce' && { waiting: Infinity }) },
    judgeBatch: batchLimit(limits, watch),
    nameOf: (subgraph) => subgraph,
  };
  const shedding = starting.use(startLoadShedding({ aboveDelayMs: mode === 'enforce' ? 200 : Infinity, lastRefused: [] }));
  // Without limits nobody is suspected, and a plan may take its time.
  const planning = mode === 'off' ? {} : { planning: PLANNING };
  const limitFacts = { credentialMutations: [], longLists: [] };
  const build = (sdl: string): Generation => {
    if (!authorizationRules(parse(sdl)).isEmpty) logger.warn(enforcementNews[authorization]);
    const sources = [...subgraphAddresses(sdl)].map(([name, url]) => [name, { fetcher: subgraphAt(name, url), isRemote: true }] as const);
    const { fetchers } = guardedFetchers(new Map(sources), guard);
    const engine = engineOver({ supergraphSdl: sdl, fetchers, ...planning, ...enforcing(authorization) });
    const facts = { limits, limitFacts, introspection: true, supergraphSdl: sdl };
    return { engine, check: operationCheck(engine.apiSchema, facts, watch, shedding) };
  };
  const schemas = starting.use(generations({ build, supergraphSdl, registered: () => [], logger, graceMs: REQUEST_TIMEOUT_MS }));
  const doors = starting.use(
    await openDoors({
      engine: schemas.engine,
      identity: nobodyKnown,
      resolveDocument: documentsAsText,
      check: schemas.check,
      mask: asSubgraphsSay(logger),
      limits,
      watch,
      timing: defaultSocketTiming,
      origins: [],
      trustProxy: false,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      drainDelayMs: 0,
    }),
  );
  if (supergraphFile !== undefined) starting.use(watchedFile(supergraphFile, (text) => void schemas.reload(text, doors.hub)));
  await schemas.ready;
  const running = starting.move();
  return { ...doors, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const nobodyKnown: Identity = {
  authenticate: async (authorization) => ({ viewer: anonymous, expiresAtMs: null, authorization: authorization ?? null }),
  revoke: () => undefined,
};

const enforcementNews: Record<SecurityEnforcement, string> = {
  filter:
    'fields that its security directives guard are null, for nobody is known here; "--authorization off" leaves them to the subgraphs',
  reject: 'operations that ask for what its security directives guard are refused, for nobody is known here',
  off: 'its security directives are left to the subgraphs, for nobody is known here',
};

/** Without what is for HTTP and what is ours alone. What nobody foresaw is for the log. */
function asSubgraphsSay(logger: Logger): MaskError {
  return (error) => {
    const { http: _http, ...extensions } = error.extensions;
    if (!error.message) logger.error({ err: error.originalError ?? error }, 'an operation failed here');
    return new GraphQLError(error.message || 'Something went wrong here.', {
      nodes: error.nodes ?? null,
      source: error.source ?? null,
      positions: error.positions ?? null,
      ...(error.path && { path: error.path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR', ...extensions },
    });
  };
}
