import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { circuitBreaker, ExponentialBackoff, handleAll, retry, SamplingBreaker, wrap, type IPolicy } from 'cockatiel';
import { print } from 'graphql';
import { serviceUnavailable } from './graphql-errors.js';
import { newId } from './ids.js';
import { withDeadline } from './lifecycle.js';
import type { RequestContext } from './request-context.js';
import type { SubgraphTransport } from './subgraph-transport.js';
import type { Viewer } from './viewer.js';

/** A typed call from one subgraph to another, on behalf of the same viewer. Reads only: it is retried. */
export interface SubgraphClient {
  /**
   * Runs a read within `timeoutMs` and the request's own deadline; at most 2 repetitions with jitter, none while the breaker is open.
   * Throws SERVICE_UNAVAILABLE when no answer was to be had, and when the answer holds errors.
   */
  read<R, V extends Record<string, unknown>>(document: TypedDocumentNode<R, V>, variables: V, context: RequestContext): Promise<R>;
}

export interface SubgraphClientOptions {
  /** For messages, e.g. `cart`. */
  target: string;
  transport: SubgraphTransport;
  /** For a subgraph in another process. In this one nothing gets lost on the way: there the deadline of the request is enough. */
  timeoutMs?: number;
}

/** For what no request's deadline ends. */
const LONGEST_MS = 60_000;

/** One for each target, so that all its reads share the breaker. */
export function subgraphClient({ target, transport, timeoutMs = 2_000 }: SubgraphClientOptions): SubgraphClient {
  const policy: IPolicy = wrap(
    retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }) }),
    circuitBreaker(handleAll, { halfOpenAfter: 5_000, breaker: halfOfTwentyInTenSeconds() }),
  );
  return {
    read: async <R, V extends Record<string, unknown>>(document: TypedDocumentNode<R, V>, variables: V, context: RequestContext) => {
      const limitMs = transport.isRemote ? timeoutMs : LONGEST_MS;
      using deadline = withDeadline(context.signal, limitMs);
      const { signal } = deadline;
      // Named one by one: a subgraph's context holds more, and none of it may leave.
      const { viewer, locale, clientAddress, requestId, traceparent } = context;
      const claims = { viewer, locale, clientAddress, requestId, traceparent };
      const query = textOf(document);
      const result = await policy
        .execute(() => transport.execute({ query, variables }, { ...claims, deadlineAtMs: Date.now() + limitMs }, signal), signal)
        .catch((cause: unknown) => {
          throw Object.assign(serviceUnavailable(target), { cause });
        });
      if (!result.data || result.errors?.length)
        throw Object.assign(serviceUnavailable(target), { cause: new Error(result.errors?.map((e) => e.message).join('; ')) });
      return result.data as R;
    },
  };
}

/** A share, not a row of failures: a few successes in between don't keep a broken subgraph in use, and ten aborted reads don't cut off a sound one. */
function halfOfTwentyInTenSeconds(): SamplingBreaker {
  return new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 2 });
}

/** A context for work that no client asked for, e.g. an index rebuild. */
export function serviceContext(name: string, scopes: string[], signal: AbortSignal): RequestContext {
  const viewer: Viewer = { kind: 'service', name, scopes };
  return { viewer, locale: 'en', clientAddress: '127.0.0.1', requestId: newId(), traceparent: null, signal };
}

const texts = new WeakMap<object, string>();

function textOf(document: TypedDocumentNode<unknown, never>): string {
  const known = texts.get(document);
  if (known) return known;
  const text = print(document);
  texts.set(document, text);
  return text;
}
