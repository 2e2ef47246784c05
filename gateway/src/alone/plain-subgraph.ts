import { GraphQLError } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { LRUCache } from 'lru-cache';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { parseGraphQLAnswer } from '@shop/platform/graphql-answer';
import { AnswerTooLong, httpPost } from '@shop/platform/http-post';
import type { ClientRequest } from '../client-request.js';
import type { SubgraphAnswer, SubgraphFetcher } from '../engine/subgraph-fetcher.js';

/** WebSockets to one subgraph, one for each client's credential. */
const MAX_SOCKETS = 1_000;

/**
 * A subgraph of anybody, as it stands at its address: POST of JSON, and graphql-transport-ws at the same path. It gets the client's
 * Authorization header, and judges it itself. At most 64 connections, kept alive.
 */
export function plainSubgraph(name: string, url: URL, maxAnswerBytes: number): SubgraphFetcher<ClientRequest> & AsyncDisposable {
  const pool = new Pool(url.origin, { connections: 64, keepAliveTimeout: 30_000, connect: { timeout: 2_000 } });
  const path = `${url.pathname}${url.search}`;
  const sockets = new LRUCache<string, Client>({ max: MAX_SOCKETS, dispose: (socket) => void socket.dispose() });
  const socketFor = (authorization: string | null): Client => {
    const known = sockets.get(authorization ?? '') ?? socketTo(url, authorization);
    sockets.set(authorization ?? '', known);
    return known;
  };
  return {
    execute: async (request, { authorization }, signal) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json', ...(authorization && { authorization }) };
      const post = { path, headers, body: JSON.stringify(request), maxAnswerBytes, signal };
      const { status, text } = await httpPost(pool, post).catch((cause: unknown) => {
        throw failure(name, cause, signal);
      });
      return answerOf(name, status, text);
    },
    subscribe: async (request, { authorization }, signal) => {
      const stream = socketFor(authorization).iterate({ ...request });
      signal.addEventListener('abort', () => void stream.return?.(), { once: true });
      return stream as AsyncIterable<SubgraphAnswer>;
    },
    [Symbol.asyncDispose]: async () => {
      sockets.clear();
      await pool.close();
    },
  };
}

function socketTo(url: URL, authorization: string | null): Client {
  const headers = authorization ? { authorization } : {};
  class Socket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { headers });
    }
  }
  return createClient({
    url: url.href.replace(/^http/, 'ws'),
    webSocketImpl: Socket,
    connectionParams: headers,
    retryAttempts: 0,
    lazyCloseTimeout: 5_000,
  });
}

function answerOf(name: string, status: number, text: string): SubgraphAnswer {
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
