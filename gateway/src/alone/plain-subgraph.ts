import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { answerIn, parseGraphQLAnswer } from '@shop/platform/graphql-answer';
import { AnswerTooLong, httpPool } from '@shop/platform/http-pool';
import { subscriptionClient, type SubscriptionClient } from '@shop/platform/subscription-client';
import type { ClientRequest } from '../client-request.js';
import type { SubgraphFetcher } from '../engine/subgraph-fetcher.js';

/** WebSockets to one subgraph, one for each client's credential. */
const MAX_SOCKETS = 1_000;

/**
 * A subgraph of anybody, as it stands at its address: POST of JSON, and graphql-transport-ws at the same path. It gets the client's
 * Authorization header, and judges it itself; `x-request-timeout-ms` says how long its answer is waited for. At most 64 connections, kept alive.
 */
export function plainSubgraph(name: string, url: URL, maxAnswerBytes: number): SubgraphFetcher<ClientRequest> & AsyncDisposable {
  const pool = httpPool(url);
  const path = `${url.pathname}${url.search}`;
  const sockets = new LRUCache<string, SubscriptionClient>({ max: MAX_SOCKETS, dispose: (socket) => void socket[Symbol.asyncDispose]() });
  const socketFor = (authorization: string | null): SubscriptionClient => {
    const known = sockets.get(authorization ?? '') ?? socketTo(url, authorization);
    sockets.set(authorization ?? '', known);
    return known;
  };
  return {
    execute: (request, caller, signal) => {
      const post = { path, headers: headersFor(caller), body: request.text ?? JSON.stringify(request), maxAnswerBytes, signal };
      return pool.post(post).then(
        ({ status, text }) => answerIn(text, () => read(name, status, text)),
        (cause: unknown) => {
          throw failure(name, cause, signal);
        },
      );
    },
    subscribe: async (request, { authorization }, signal) => {
      return socketFor(authorization).subscribe(request, signal);
    },
    [Symbol.asyncDispose]: async () => {
      sockets.clear();
      await pool[Symbol.asyncDispose]();
    },
  };
}

function headersFor({ authorization, deadlineAtMs }: ClientRequest): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-request-timeout-ms': String(Math.max(0, deadlineAtMs - Date.now())),
  };
  if (authorization) headers['authorization'] = authorization;
  return headers;
}

function socketTo(url: URL, authorization: string | null): SubscriptionClient {
  return subscriptionClient({ url: url.href.replace(/^http/, 'ws'), headers: authorization ? { authorization } : {} });
}

function read(name: string, status: number, text: string): ReturnType<typeof parseGraphQLAnswer> {
  try {
    return parseGraphQLAnswer(text);
  } catch (cause) {
    throw unavailable(`${name} answered with HTTP ${status} and no GraphQL response.`, 'DOWNSTREAM_SERVICE_ERROR', cause);
  }
}

function failure(name: string, cause: unknown, signal: AbortSignal): GraphQLError {
  if (cause instanceof AnswerTooLong) return unavailable(`${name} answered more than is read.`, 'SUBGRAPH_ANSWER_TOO_LARGE', cause);
  if (signal.aborted) return unavailable(`${name} did not answer in time.`, 'TIMEOUT', cause);
  return unavailable(`${name} cannot be reached.`, 'SERVICE_UNAVAILABLE', cause);
}

function unavailable(message: string, code: string, cause: unknown): GraphQLError {
  return new GraphQLError(message, { ...(cause instanceof Error && { originalError: cause }), extensions: { code } });
}
