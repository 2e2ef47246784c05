import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { newId } from '@shop/platform/ids';
import { TIMED_OUT } from '@shop/platform/lifecycle';
import { preferredLocale, type ClientRequest } from './client-request.js';
import type { Engine } from './engine.js';
import type { IncrementalResult } from './engine/graph-engine.js';
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
import { readBody } from './http/request-body.js';
import { formOfBody, formOfSearch, type OperationParams, type RequestForm } from './http/request-form.js';
import type { Identity } from './identity.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { boundOf, excessOf, type Limits } from './limits/limits.js';
import { responseTooLarge } from './limits/refusal.js';
import type { MaskError } from './masking.js';
import { judgeOperation, runIncrementally, runOperation, type AllowedOperation, type JudgeParts } from './run-operation.js';
import { addressOf } from './socket-upgrade.js';
import type { StreamDoor } from './streams/stream-door.js';
import { streamForms, type StreamForm } from './streams/stream-form.js';

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

export const GRAPHQL_ROUTE = '/graphql';

/** Even where a size is only measured, nobody fills our memory. */
const MAX_REQUEST_BYTES = 16_000_000;

/** Answers a request when it is for `/graphql` and not a preflight; false when somebody else has to. */
export type HttpDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** `/graphql` over HTTP, by the GraphQL-over-HTTP specification. Bodies are JSON in UTF-8 only; what a page of another site can send is refused. */
export function httpDoor(options: HttpDoorOptions): HttpDoor {
  return (request, response) => {
    const target = targetOf(request.url ?? '');
    if (!target || request.method === 'OPTIONS') return false;
    void serve(request, response, target, options);
    return true;
  };
}

interface Target {
  search: string;
  /** Of `/graphql/d/<id>`. */
  documentId: string | null;
}

function targetOf(url: string): Target | null {
  if (!url.startsWith(GRAPHQL_ROUTE)) return null;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const search = at < 0 ? '' : url.slice(at + 1);
  if (path === GRAPHQL_ROUTE) return { search, documentId: null };
  const documentId = /^\/graphql\/d\/([\w:.~-]+)$/.exec(path)?.[1];
  return documentId === undefined ? null : { search, documentId };
}

async function serve(request: IncomingMessage, response: ServerResponse, target: Target, options: HttpDoorOptions): Promise<void> {
  const acceptance = acceptanceOf(request.headers.accept);
  try {
    const form = await formOfRequest(request, acceptance, target, options);
    if (response.destroyed) return;
    const answer = form.kind === 'answer' ? form.answer : await answerTo(form.params, request, response, acceptance, options);
    if (answer) await writeAnswer(request, response, acceptance, answer, options);
  } catch (error) {
    const told = options.mask(new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) }));
    if (response.headersSent) response.destroy();
    else await writeAnswer(request, response, acceptance, { status: 500, body: JSON.stringify({ errors: [told] }) }, options);
  }
}

type Form = Extract<RequestForm, { kind: 'operation' }> | { kind: 'answer'; answer: Answer };

async function formOfRequest(request: IncomingMessage, acceptance: Acceptance, target: Target, options: HttpDoorOptions): Promise<Form> {
  if (request.method !== 'POST' && request.method !== 'GET') return fault(405, 'Operations come by GET or POST.', { allow: 'GET, POST' });
  if (!acceptance.single && !acceptance.stream) return fault(406, 'Answers are application/graphql-response+json or application/json.');
  if (request.method === 'GET') {
    const form = formOfSearch(target.search, target.documentId);
    if (!isRegisteredAlone(target, form) && isFromAnyPage(request))
      return fault(400, 'A GET of GraphQL names its operation in the header x-apollo-operation-name, or says apollo-require-preflight.');
    return ofForm(form);
  }
  const body = await readBody(request, boundOf(options.limits.requestBytes, MAX_REQUEST_BYTES));
  switch (body.kind) {
    case 'read':
      measureRequest(body.text, options);
      return ofForm(formOfBody(body.text));
    case 'too-large':
      return tooLarge(request, options);
    case 'wrong-type':
      return fault(415, body.message);
    case 'left':
      return fault(400, 'The request has no end.');
    default:
      throw new Error(`Unknown body ${String(body satisfies never)}`);
  }
}

/** An id in the path and no text: it was registered, only reads, and is for caches. */
function isRegisteredAlone({ documentId }: Target, form: RequestForm): boolean {
  return documentId !== null && form.kind === 'operation' && form.params.query === null;
}

/** Whether a page of any site could have sent this without being asked first. */
function isFromAnyPage({ headers }: IncomingMessage): boolean {
  return !headers['x-apollo-operation-name'] && !headers['apollo-require-preflight'];
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

function resultAnswer(result: ExecutionResult, { isOld }: Acceptance, { mask, limits, watch }: HttpDoorOptions): Answer {
  const errors = result.errors ?? [];
  const status = result.data === undefined ? statusFor(errors, hintOf(errors).status ?? 400, isOld) : 200;
  const body = texts.get(result) ?? JSON.stringify(result.errors ? { ...result, errors: errors.map(mask) } : result);
  texts.set(result, body);
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

function ofForm(form: RequestForm): Form {
  return form.kind === 'operation' ? form : fault(400, form.message);
}

function fault(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Form {
  return { kind: 'answer', answer: faultAnswer(status, 'BAD_REQUEST', message, headers) };
}

/** The rest of the body is not waited for: the connection ends with the answer. */
function tooLarge(request: IncomingMessage, { limits: { requestBytes }, watch }: HttpDoorOptions): Form {
  request.resume();
  watch.refuses({ limit: 'requestBytes', measured: requestBytes.max + 1, max: requestBytes.max });
  return { kind: 'answer', answer: faultAnswer(413, 'REQUEST_TOO_LARGE', 'The request is too large.', { connection: 'close' }) };
}

/** Where the size of a request is only measured. */
function measureRequest(text: string, { limits, watch }: HttpDoorOptions): void {
  if (limits.requestBytes.mode !== 'measure') return;
  for (const excess of excessOf('requestBytes', limits.requestBytes, () => Buffer.byteLength(text))) watch.refuses(excess);
}
