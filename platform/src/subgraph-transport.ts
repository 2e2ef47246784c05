import type { FormattedExecutionResult } from 'graphql';
import { ENVELOPE_HEADER, sealEnvelope, type EnvelopeClaims } from './envelope.js';
import { answerTooLarge, serviceUnavailable } from './graphql-errors.js';
import { answerIn } from './graphql-answer.js';
import { GRAPHQL_PATH, type GraphQLBody } from './graphql-body.js';
import { untilAborted } from './lifecycle.js';
import { AnswerTooLong, httpPool } from './http-pool.js';
import type { SubgraphServer } from './subgraph-server.js';
import { subscriptionClient } from './subscription-client.js';
import { subscriptionText } from './subscription-socket.js';

/** How a subgraph is reached. Every call carries a freshly sealed envelope; `signal` ends it. */
export interface SubgraphTransport extends AsyncDisposable {
  /** Whether there is a network between: calls can be lost. Left out: no. */
  isRemote?: boolean;
  /** Throws SERVICE_UNAVAILABLE when the subgraph cannot be reached; errors that it answers are in the result. */
  execute(body: GraphQLBody, claims: EnvelopeClaims, signal: AbortSignal): Promise<FormattedExecutionResult>;
  subscribe(
    body: GraphQLBody,
    claims: EnvelopeClaims,
    signal: AbortSignal,
  ): Promise<AsyncIterable<FormattedExecutionResult> | FormattedExecutionResult>;
  /** GET of a JSON document beside GraphQL, e.g. a key set. */
  getJson(path: string, signal: AbortSignal): Promise<unknown>;
}

/** In the same process: the same envelope and the same checks, no socket. */
export function directTransport(server: SubgraphServer, secret: string): SubgraphTransport {
  const seal = (text: string, claims: EnvelopeClaims) =>
    sealEnvelope({ method: 'POST', path: GRAPHQL_PATH, body: text }, claims, secret, Date.now());
  return {
    execute: (body, claims, signal) => {
      const text = JSON.stringify(body);
      return untilAborted(server.execute(body, text, seal(text, claims), signal), signal);
    },
    subscribe: (body, claims, signal) => {
      const text = subscriptionText(body);
      return server.subscribe(body, text, seal(text, claims), signal);
    },
    getJson: async (path) => (await server.app.inject({ method: 'GET', url: path })).json<unknown>(),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export interface HttpTransportLimits {
  /** An answer that is longer is not read on: SUBGRAPH_ANSWER_TOO_LARGE. 2 MB when left out. */
  answerBytes?: number;
}

const MAX_ANSWER_BYTES = 2_000_000;

/** Over a keep-alive pool of at most 64 sockets; subscriptions share one WebSocket. `url` is the subgraph's origin. */
export function httpTransport(
  url: string,
  secret: string,
  { answerBytes = MAX_ANSWER_BYTES }: HttpTransportLimits = {},
): SubgraphTransport {
  const pool = httpPool(new URL(url), { connectTimeoutMs: 1_000 });
  const socket = subscriptionClient({ url: new URL(GRAPHQL_PATH, url.replace(/^http/, 'ws')).href });
  const seal = (text: string, claims: EnvelopeClaims) =>
    sealEnvelope({ method: 'POST', path: GRAPHQL_PATH, body: text }, claims, secret, Date.now());
  return {
    isRemote: true,
    execute: async (body, claims, signal) => {
      const text = body.text ?? JSON.stringify(body);
      const headers = { 'content-type': 'application/json', [ENVELOPE_HEADER]: seal(text, claims) };
      const post = { path: GRAPHQL_PATH, headers, body: text, maxAnswerBytes: answerBytes, signal };
      const answer = await pool.post(post).catch((cause: unknown) => {
        if (cause instanceof AnswerTooLong) throw answerTooLarge(answerBytes);
        throw signal.aborted ? signal.reason : Object.assign(serviceUnavailable('A part of the shop'), { cause });
      });
      return answerIn(answer.text);
    },
    subscribe: async (body, claims, signal) => {
      const extensions = { envelope: seal(subscriptionText(body), claims) };
      return socket.subscribe({ ...body, extensions }, signal);
    },
    getJson: async (path, signal) => (await fetch(new URL(path, url), { signal })).json(),
    [Symbol.asyncDispose]: async () => {
      await socket[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
    },
  };
}
