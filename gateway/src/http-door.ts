import type { ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { newId } from '@shop/platform/ids';
import { TIMED_OUT } from '@shop/platform/lifecycle';
import { preferredLocale, type ClientRequest } from './client-request.js';
import type { Identity } from './identity.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { excessOf, type Limits } from './limits/limits.js';
import { responseTooLarge } from './limits/refusal.js';
import type { OperationCheck } from './operation-check.js';

export interface HttpDoorOptions {
  apollo: ApolloServer<ClientRequest>;
  identity: Identity;
  check: OperationCheck;
  limits: Limits;
  watch: LimitWatch;
  requestTimeoutMs: number;
}

export const GRAPHQL_ROUTE = '/graphql';

/**
 * `/graphql` over HTTP, by the GraphQL-over-HTTP specification: Apollo Server speaks it, and documents are judged before it sees them.
 * Bodies are JSON in UTF-8 only.
 */
export async function openHttpDoor(app: FastifyInstance, options: HttpDoorOptions): Promise<void> {
  const { apollo, identity, check, requestTimeoutMs } = options;
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(/^application\/(.+\+)?json/, { parseAs: 'string' }, (request, text, done) => {
      const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
      if (charset && !/^utf-?8$/i.test(charset)) return done(Object.assign(new Error('Only UTF-8 is understood.'), { statusCode: 415 }));
      done(null, text);
    });
    scope.route({
      method: ['GET', 'POST'],
      url: GRAPHQL_ROUTE,
      handler: async (request, reply) => {
        const body = parseBody(request);
        if (body.kind === 'faulty') return fault(reply, 400, 'BAD_REQUEST', 'The body is not JSON.');
        measureRequest(request, options);
        const search = new URL(request.url, 'http://localhost').search;
        const text = documentText(request.method, search, body.value);
        const checked = text === null ? null : check.document(text);
        if (checked?.kind === 'refused') return refuse(request, reply, checked.errors);
        const signal = signalOf(reply.raw, requestTimeoutMs);
        const {
          headers,
          status = 200,
          body: answer,
        } = await apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: request.method,
            headers: headersOf(request),
            search,
            body: body.value,
          },
          context: () => clientRequest(request, identity, signal, requestTimeoutMs),
        });
        if (answer.kind !== 'complete') throw new Error('Incremental delivery is not offered.');
        const told = withinLimit(answer.string, options);
        return reply
          .code(statusFor(request, status, told))
          .headers(Object.fromEntries(headers))
          .header('content-length', Buffer.byteLength(told))
          .header('cache-control', 'no-store')
          .send(told);
      },
    });
    scope.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
      const status = error.statusCode ?? 500;
      if (status === 413) {
        options.watch.refuses({
          limit: 'requestBytes',
          measured: options.limits.requestBytes.max + 1,
          max: options.limits.requestBytes.max,
        });
        return fault(reply, 413, 'REQUEST_TOO_LARGE', 'The request is too large.');
      }
      return fault(
        reply,
        status,
        status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR',
        status < 500 ? error.message : 'Something went wrong here.',
      );
    });
  });
}

/** Who asks and until when; throws UNAUTHENTICATED (HTTP 401) for a credential that is not valid. */
export async function clientRequest(
  request: FastifyRequest,
  identity: Identity,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ClientRequest> {
  const { viewer } = await identity.authenticate(request.headers.authorization).catch((error: unknown) => {
    if (error instanceof GraphQLError)
      throw new GraphQLError('The Authorization header holds no valid token.', {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    throw error;
  });
  const traceparent = request.headers['traceparent'];
  return {
    viewer,
    locale: preferredLocale(request.headers['accept-language']),
    clientAddress: request.ip,
    requestId: newId(),
    traceparent: typeof traceparent === 'string' ? traceparent : null,
    deadlineAtMs: Date.now() + timeoutMs,
    signal,
  };
}

/** Fires when the client has left before its answer was written, or at the deadline. A request that is answered in time leaves nothing behind. */
function signalOf(response: ServerResponse, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(TIMED_OUT), timeoutMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(CLIENT_LEFT);
  });
  return controller.signal;
}

const CLIENT_LEFT = new Error('The client has left.');

function parseBody(request: FastifyRequest): { kind: 'parsed'; value: unknown } | { kind: 'faulty' } {
  if (typeof request.body !== 'string') return { kind: 'parsed', value: undefined };
  try {
    return { kind: 'parsed', value: JSON.parse(request.body) };
  } catch {
    return { kind: 'faulty' };
  }
}

/** The document of a request that holds one; everything else is faulty, and Apollo Server says how. */
function documentText(method: string, search: string, body: unknown): string | null {
  if (method === 'GET') return new URLSearchParams(search).get('query');
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
  return typeof query === 'string' ? query : null;
}

/** A document that is refused runs nothing, so that not even the form of the request need be looked at. */
function refuse(request: FastifyRequest, reply: FastifyReply, errors: readonly GraphQLError[]): FastifyReply {
  const told = JSON.stringify({ errors: errors.map(withoutHttp) });
  const accept = request.headers.accept ?? '';
  const type = accept.includes(RESPONSE_JSON) ? RESPONSE_JSON : 'application/json';
  return reply
    .code(statusFor(request, 400, told))
    .type(`${type}; charset=utf-8`)
    .header('cache-control', 'no-store')
    .send(told);
}

function withoutHttp(error: GraphQLError): object {
  const { extensions: { http: _http, ...extensions } = {}, ...told } = error.toJSON();
  return { ...told, extensions };
}

const RESPONSE_JSON = 'application/graphql-response+json';

/** For a client that understands nothing but `application/json`, these are answers like any other: 200. */
const answersInOldJson = /"code":"(GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)"/;

function statusFor({ headers: { accept = '' } }: FastifyRequest, status: number, told: string): number {
  const onlyOldJson = accept.includes('application/json') && !accept.includes(RESPONSE_JSON);
  return status === 400 && onlyOldJson && answersInOldJson.test(told) ? 200 : status;
}

/** Where the size of a request is only measured. */
function measureRequest({ body }: FastifyRequest, { limits, watch }: HttpDoorOptions): void {
  if (limits.requestBytes.mode !== 'measure' || typeof body !== 'string') return;
  for (const excess of excessOf('requestBytes', limits.requestBytes, () => Buffer.byteLength(body))) watch.refuses(excess);
}

function withinLimit(answer: string, { limits, watch }: HttpDoorOptions): string {
  const [excess] = excessOf('responseBytes', limits.responseBytes, () => Buffer.byteLength(answer));
  return excess && watch.refuses(excess) ? JSON.stringify({ errors: [responseTooLarge(excess)], data: null }) : answer;
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return headers;
}

function fault(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
