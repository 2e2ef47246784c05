import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import { withoutHint } from '../http/http-hint.js';

const payload = z.record(z.string(), z.unknown()).nullish();
const id = z.string().min(1);

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connection_init'), payload }),
  z.object({ type: z.literal('ping'), payload }),
  z.object({ type: z.literal('pong'), payload }),
  z.object({ type: z.literal('subscribe'), id, payload: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal('complete'), id }),
]);

/** What a client may say in graphql-transport-ws. */
export type ClientMessage = z.infer<typeof messageSchema>;

/** Null for anything that is not a message of the protocol. */
export function parseMessage(text: string): ClientMessage | null {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const ACKNOWLEDGED = '{"type":"connection_ack"}';

export function pongMessage(answer: unknown): string {
  return JSON.stringify({ type: 'pong', ...(answer !== undefined && answer !== null && { payload: answer }) });
}

/** `result` is an execution result in JSON. */
export function nextMessage(of: string, result: string): string {
  return `{"id":${JSON.stringify(of)},"type":"next","payload":${result}}`;
}

export function errorMessage(of: string, errors: readonly GraphQLError[]): string {
  return JSON.stringify({ id: of, type: 'error', payload: errors.map(withoutHint) });
}

export function completeMessage(of: string): string {
  return `{"id":${JSON.stringify(of)},"type":"complete"}`;
}

/** Why we end a socket: the code, and a reason for people. */
export const closings = {
  goingAway: [1001, 'Going away'],
  tooSlow: [1013, 'Events are not read fast enough'],
  tooManySockets: [1013, 'Too many sockets of one viewer'],
  failed: [4500, 'Internal server error'],
  invalidMessage: [4400, 'Invalid message'],
  unauthorized: [4401, 'Unauthorized'],
  forbidden: [4403, 'Forbidden'],
  tokenExpired: [4403, 'Token expired'],
  sessionEnded: [4403, 'Session ended'],
  otherViewer: [4403, 'A socket stays with one viewer'],
  wrongSubprotocol: [4406, 'Subprotocol not acceptable'],
  initTimeout: [4408, 'Connection initialisation timeout'],
  idTaken: [4409, 'Subscriber already exists'],
  secondInit: [4429, 'Too many initialisation requests'],
} as const satisfies Record<string, readonly [code: number, reason: string]>;

export type Closing = keyof typeof closings;
