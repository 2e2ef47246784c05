import type { AuthorizationMode } from './engine/plan-cache.js';
import type { IntrospectionAccess } from './introspection-access.js';
import type { Limits } from './limits/limits.js';
import type { LiveFields } from './engine/live/live-field.js';
import type { LimitFacts } from './limits/operation-limits.js';
import type { Resilience } from './resilient-fetcher.js';
import type { PersistedLists } from './partners/persisted-lists.js';

/** How the gateway is reached and what it lets through. Durations in milliseconds. */
export interface GatewayConfig {
  /** Full supergraph SDL, with security directives. */
  supergraphSdl: string;
  /** Where it came from: what is written there later is taken over, unless it is broken. Left out: only `reload` changes it. */
  supergraphFile?: string;
  /** `iss` and `aud` that an access token must carry. */
  tokenIssuer: string;
  tokenAudience: string;
  /** The secret that order tokens are signed with (HS256), shared with the orders subgraph; several while one is rotated. */
  orderTokenSecrets: readonly string[];
  /** Which clients may ask for the schema; all in the demo, none in production, or those with a scope. */
  introspection: boolean | IntrospectionAccess;
  /** Allowed browser origins; empty: only the gateway's own pages. */
  corsOrigins: readonly string[];
  /** Take the client's address from X-Forwarded-For: only behind a proxy of our own. */
  trustProxy: boolean;
  /** Each with a mode of its own; `defaultLimits` enforces all. */
  limits: Limits;
  /** What the limits have to know of the schema; that of the shop when left out. */
  limitFacts?: LimitFacts;
  /** Where left out, as in `defaultSocketTiming`. */
  socketTiming?: Partial<SocketTiming>;
  /** What our own executor may know of root fields of Subscription; `defaultLiveFields` when left out. */
  liveFields?: LiveFields;
  /** What executes plans: our own executor of compiled plans, or Apollo's; our own when left out. */
  engine?: EngineName;
  /** What happens to fields that the viewer may not ask for, with our own executor; `filter` when left out. Subgraphs enforce it in any case. */
  authorization?: AuthorizationMode;
  /** Operations that were registered, as `loadPersistedLists` reads them; none when left out. */
  persisted?: PersistedLists;
  /** Where they came from: what is written there later is taken over, unless it is faulty. Left out: they stay as they are. */
  persistedFolder?: string;
  /** How remote subgraphs are protected from us, and we from them; `defaultResilience` for what is left out. */
  resilience?: Partial<Resilience>;
  /** From which delay of its timers on the process refuses work with 503, queries first; 200 when left out. */
  shedAboveDelayMs?: number;
  /** A request that took longer is answered with what is there. */
  requestTimeoutMs: number;
  /** After SIGTERM: how long to say "not ready" before connections are closed. */
  drainDelayMs: number;
}

export const engineNames = ['compiled', 'apollo'] as const;
export type EngineName = (typeof engineNames)[number];

export interface SocketTiming {
  /** Until `connection_init` must have arrived. */
  initTimeoutMs: number;
  /** Between pings; a socket that left two of them unanswered is dropped. */
  pingIntervalMs: number;
  /** After SIGTERM, sockets and streams are closed at moments spread over this long, so that their clients do not come back all at once. */
  drainSpreadMs: number;
  /** Between signs of life of a stream over HTTP that has nothing to tell. */
  heartbeatMs: number;
}

export const defaultSocketTiming: SocketTiming = {
  initTimeoutMs: 3_000,
  pingIntervalMs: 15_000,
  drainSpreadMs: 3_000,
  heartbeatMs: 5_000,
};

/** Of this API. Events of an order are steps of which none may be missed; those of a cart and of stock are what is there now. */
export const defaultLiveFields: LiveFields = {
  orderStatusChanged: { begins: 'state', entity: [], conflate: false, resume: { argument: 'afterRevision', field: 'revision' } },
  cartChanged: { begins: 'state', entity: [], conflate: true, resume: null },
  stockChanged: { begins: 'state', entity: ['sku'], conflate: true, resume: null },
  notificationReceived: { begins: 'nothing', entity: [], conflate: false, resume: null },
};

/** Of this API. */
export const defaultLimitFacts: LimitFacts = {
  credentialMutations: ['signIn', 'registerUser', 'refreshSession'],
  longLists: ['CreateProductInput.variants', 'SetPricesInput.prices'],
};
