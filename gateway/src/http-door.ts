import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { newId } from '@shop/platform/ids';
import { TIMED_OUT } from '@shop/platform/lifecycle';
import { preferredLocale, type ClientRequest } from './client-request.js';
import type { Engine } from './engine.js';
import type { IncrementalResult } from './engine/graph-engine.js';
import { WrittenResult } from './engine/written-result.js';
import {
  faultAnswer,
  hintOf,
  refusalAnswer,
  standingHeaders,
  statusFor,
  writeAnswer,
  type Answer,
  type AnswerRules,
} from './http/answer.js';
import { authorizationOf } from './http/authorization-header.js';
import { writeDeferred } from './http/deferred-answer.js';
import { acceptanceOf, type Acceptance } from './http/media-type.js';
import type { OperationParams } from './http/request-form.js';
import { httpForm, targetOf, type Target } from './http-form.js';
import type { Identity } from './identity.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { excessOf, type Limits } from './limits/limits.js';
import { responseTooLarge } from './limits/refusal.js';
import type { MaskError } from './masking.js';
import { judgeOperation, runIncrementally, runOperation, type AllowedOperation, type JudgeParts } from './run-operation.js';
import { addressOf } from './socket-upgrade.js';
import type { StreamDoor } from './streams/stream-door.js';
import { streamForms, type StreamForm } from './streams/stream-form.js';
import { resultText } from './write-result.js';

export interface HttpDoorOptions extends JudgeParts, AnswerRules {
  engine: Engine;
  identity: Identity;
  mask: MaskError;
  limits: Limits;
  watch: LimitWatch;
  streams: StreamDoor;
  trustProxy: boolean;
  requestTimeoutMs: number;
}

/** Answers a request when it is for `/graphql` and not a preflight; false when somebody else has to. */
export type HttpDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** `/graphql` over HTTP, by the GraphQL-over-HTTP specification. `http-form.ts` says what is read at all. */
export function httpDoor(options: HttpDoorOptions): HttpDoor {
  return (request, response) => {
    const target = targetOf(request.url ?? '');
    if (!target || request.method === 'OPTIONS') return false;
    void serve(request, response, target, options);
    return true;
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, target: Target, options: HttpDoorOptions): Promise<void> {
  const acceptance = acceptanceOf(request.headers.accept);
  try {
    const form = await httpForm(request, acceptance, target, options);
    if (response.destroyed) return;
    const answer = form.kind === 'answer' ? form.answer : await answerTo(form.params, request, response, acceptance, options);
    if (answer) await writeAnswer(request, response, acceptance, answer, options);
  } catch (error) {
    const told = options.mask(new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) }));
    if (response.headersSent) response.destroy();
    else await writeAnswer(request, response, acceptance, { status: 500, body: JSON.stringify({ errors: [told] }) }, options);
  }
}

async function answerTo(
  params: OperationParams,
  request: IncomingMessage,
  response: ServerResponse,
  acceptance: Acceptance,
  options: HttpDoorOptions,
): Promise<Answer | null> {
  const { identity, engine, requestTimeoutMs } = options;
  const credential = await identity.authenticate(authorizationOf(request.headers)).catch(asCredentialFault);
  if (credential instanceof GraphQLError) return refusalAnswer([credential], acceptance);
  const client = clientRequest(request, credential, signalOf(response, requestTimeoutMs), options);
  const judged = await judgeOperation(params, client, options);
  if (judged.kind === 'refused') return refusalAnswer(judged.errors, acceptance);
  const form = acceptance.stream && streamForms[acceptance.stream];
  if (judged.operation.type === 'subscription' && form) {
    const headers = { ...judged.operation.headers, ...standingHeaders(request, options) };
    return unlessFollowed(options.streams.follow(judged.operation, { request: client, credential, response, form, headers }));
  }
  const misplaced = misplacement(judged.operation, request);
  if (misplaced) return misplaced;
  const outcome = await outcomeOf(judged.operation, client, acceptance, engine);
  if (outcome.kind === 'begun') {
    await writeDeferred(response, { ...judged.operation.headers, ...standingHeaders(request, options) }, outcome, options);
    return null;
  }
  const { result } = outcome;
  const answer = resultAnswer(result, acceptance, options);
  if (form && !acceptance.single) return asStream(answer, form);
  return withHeaders(answer, { ...judged.operation.headers, ...sharing(result, judged.operation, request, client) });
}

async function outcomeOf(
  operation: AllowedOperation,
  client: ClientRequest,
  { defers }: Acceptance,
  engine: Engine,
): Promise<IncrementalResult> {
  if (defers && operation.type === 'query') return runIncrementally(operation, client, engine);
  return { kind: 'whole', result: await runOperation(operation, client, engine) };
}

/** Null when the answer has begun. */
function unlessFollowed(outcome: ReturnType<StreamDoor['follow']>): Answer | null {
  switch (outcome) {
    case 'following':
      return null;
    case 'too-many':
      return faultAnswer(429, 'TOO_MANY_REQUESTS', 'There are too many streams and sockets of one viewer or address.');
    case 'draining':
      return faultAnswer(503, 'SERVICE_UNAVAILABLE', 'This server is going away.');
    default:
      return outcome satisfies never;
  }
}

/** One answer for a client that takes nothing but streams. */
function asStream({ body }: Answer, { contentType, opening, next, closing }: StreamForm): Answer {
  return { status: 200, body: `${opening}${next(body)}${closing}`, headers: { 'content-type': contentType } };
}

/** What everybody may keep: only what is named by an id in its URL, so that no cache has to read a body, and asked for by nobody in particular. */
function sharing(
  { errors }: ExecutionResult,
  { sharedSeconds }: AllowedOperation,
  { method }: IncomingMessage,
  { viewer }: ClientRequest,
): Record<string, string> {
  if (sharedSeconds === 0 || method !== 'GET' || viewer.kind !== 'anonymous' || errors) return {};
  return { 'cache-control': `public, max-age=${sharedSeconds}`, vary: 'accept, accept-language, authorization, x-api-key' };
}

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

/** Who asks and until when. */
function clientRequest(
  request: IncomingMessage,
  { viewer, authorization = null }: Awaited<ReturnType<Identity['authenticate']>>,
  signal: AbortSignal,
  { requestTimeoutMs, trustProxy }: HttpDoorOptions,
): ClientRequest {
  const { headers } = request;
  const traceparent = headers['traceparent'];
  return {
    viewer,
    locale: preferredLocale(headers['accept-language']),
    clientAddress: addressOf(request, trustProxy),
    requestId: newId(),
    traceparent: typeof traceparent === 'string' ? traceparent : null,
    deadlineAtMs: Date.now() + requestTimeoutMs,
    signal,
    authorization,
  };
}

function asCredentialFault(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) throw error;
  const code = String(error.extensions['code']);
  if (code === 'SERVICE_UNAVAILABLE') return new GraphQLError(error.message, { extensions: { code, http: { status: 503 } } });
  return new GraphQLError('The Authorization header holds no valid token or key.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}

/** An operation that is right, but not over this door or by this method. */
function misplacement({ type }: AllowedOperation, { method }: IncomingMessage): Answer | null {
  if (type === 'subscription')
    return faultAnswer(
      400,
      'BAD_REQUEST',
      'Subscriptions are answered over a WebSocket (graphql-transport-ws), or as text/event-stream or multipart/mixed.',
    );
  if (method === 'GET' && type !== 'query') return faultAnswer(405, 'BAD_REQUEST', 'Only queries are answered by GET.', { allow: 'POST' });
  return null;
}

/** A result that several clients share is written once. */
const texts = new WeakMap<ExecutionResult, string>();

function textOf(result: ExecutionResult, mask: MaskError): string {
  if (result instanceof WrittenResult) return result.text;
  const text = texts.get(result) ?? resultText(result, mask);
  texts.set(result, text);
  return text;
}

function resultAnswer(result: ExecutionResult, { isOld }: Acceptance, { mask, limits, watch }: HttpDoorOptions): Answer {
  const errors = result.errors ?? [];
  const status =
    !(result instanceof WrittenResult) && result.data === undefined ? statusFor(errors, hintOf(errors).status ?? 400, isOld) : 200;
  const body = textOf(result, mask);
  const [excess] = excessOf('responseBytes', limits.responseBytes, () => Buffer.byteLength(body));
  if (excess && watch.refuses(excess))
    return { status, body: JSON.stringify({ errors: [responseTooLarge(excess)], data: null }), headers: { 'cache-control': 'no-store' } };
  return { status, body };
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
