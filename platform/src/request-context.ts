import type { Viewer } from './viewer.js';

/** What every resolver of every subgraph gets, taken from the verified envelope. */
export interface RequestContext {
  viewer: Viewer;
  /** BCP 47, from the client's Accept-Language; `en` when it sent none. */
  locale: string;
  /** The client's network address as the gateway saw it; for throttling only. */
  clientAddress: string;
  /** One id a client request, the same in every subgraph's log. */
  requestId: string;
  /** W3C trace context, handed on to events. */
  traceparent: string | null;
  /** Fires at the request's deadline or when the client has left. */
  signal: AbortSignal;
}
