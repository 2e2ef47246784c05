import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { atEndOfTurn } from '@shop/platform/end-of-turn';
import { compressed, COMPRESSED_FROM, encodingFor } from './compression.js';
import { httpHint, withoutHint, type HttpHint } from './http-hint.js';
import { JSON_TYPE, type Acceptance } from './media-type.js';

export interface Answer {
  status: number;
  body: string;
  headers?: Readonly<Record<string, string>>;
}

export interface AnswerRules {
  /** Browser origins beside our own that may read answers. */
  origins: readonly string[];
  /** Fires when this server goes: each answer ends its connection then. */
  stopping: AbortSignal;
}

/** For an answer that is read by programs: never sniffed, framed or kept. */
const standing = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cross-origin-resource-policy': 'same-origin',
};

/** Writes an answer, compressed when it is worth it and the client takes it. */
export async function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { single }: Acceptance,
  answer: Answer,
  rules: AnswerRules,
): Promise<void> {
  const { body } = answer;
  const isLong = body.length >= COMPRESSED_FROM;
  const encoding = isLong ? encodingFor(request.headers['accept-encoding']) : null;
  // As text it leaves together with its head, without a copy of its own.
  const sent = encoding ? await compressed(Buffer.from(body), encoding) : body;
  const length = Buffer.byteLength(sent);
  const { vary: further, ...headers } = answer.headers ?? {};
  const vary = [...(rules.origins.length > 0 ? ['origin'] : []), ...(isLong ? ['accept-encoding'] : []), ...(further ? [further] : [])];
  response.writeHead(answer.status, {
    ...standingHeaders(request, rules),
    'content-type': `${single ?? JSON_TYPE}; charset=utf-8`,
    'content-length': length,
    ...(vary.length > 0 && { vary: vary.join(', ') }),
    ...(encoding && { 'content-encoding': encoding }),
    ...headers,
  });
  // Of ASCII, latin1 is the same as UTF-8 and costs less; a head is latin1 anyway.
  atEndOfTurn(() => response.end(request.method === 'HEAD' ? undefined : sent, length === sent.length ? 'latin1' : 'utf8'));
}

/** What every answer carries, whatever it says. */
export function standingHeaders(request: IncomingMessage, { origins, stopping }: AnswerRules): Record<string, string> {
  return { ...standing, ...(stopping.aborted && { connection: 'close' }), ...crossOrigin(request, origins) };
}

/** Nothing was run. The first error that says something of the status decides it. */
export function refusalAnswer(errors: readonly GraphQLError[], { isOld }: Acceptance): Answer {
  const { status = 400, headers } = hintOf(errors);
  const body = JSON.stringify({ errors: errors.map(withoutHint) });
  return { status: statusFor(errors, status, isOld), body, ...(headers && { headers: Object.fromEntries(headers) }) };
}

/** What is said before there is an operation to speak of. */
export function faultAnswer(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: JSON.stringify({ errors: [{ message, extensions: { code } }] }), headers };
}

export function hintOf(errors: readonly GraphQLError[]): HttpHint {
  return errors.map(httpHint).find(({ status }) => status !== undefined) ?? {};
}

/** For a client that knows nothing but `application/json`, these are answers like any other. */
const answeredInOldJson: readonly unknown[] = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'];

export function statusFor(errors: readonly GraphQLError[], status: number, isOld: boolean): number {
  return status === 400 && isOld && errors.some(({ extensions: { code } }) => answeredInOldJson.includes(code)) ? 200 : status;
}

function crossOrigin({ headers: { origin } }: IncomingMessage, origins: readonly string[]): Record<string, string> {
  if (origin === undefined || !origins.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, 'cross-origin-resource-policy': 'cross-origin' };
}
