import type { Acceptance } from '../http/media-type.js';

/** How an answer that goes on is written. */
export interface StreamForm {
  /** What it is counted as. */
  door: 'event-stream' | 'multipart';
  contentType: string;
  /** Before anything else. */
  opening: string;
  /** Something that is no event, so that nobody on the way takes the connection for dead. */
  heartbeat: string;
  /** `result` is an execution result in JSON. */
  next(result: string): string;
  /** The last result, which says why there will be no more; `errors` is a list in JSON. */
  fatal(errors: string): string;
  closing: string;
}

/** GraphQL over Server-Sent Events, distinct connections mode. */
const serverSentEvents: StreamForm = {
  door: 'event-stream',
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  heartbeat: ':\n\n',
  next: (result) => `event: next\ndata: ${result}\n\n`,
  fatal: (errors) => `event: next\ndata: {"errors":${errors}}\n\n`,
  closing: 'event: complete\ndata:\n\n',
};

const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--graphql`;

/** Apollo's multipart protocol for subscriptions, version 1.0. */
const multipart: StreamForm = {
  door: 'multipart',
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
  opening: `--graphql${part('{}')}`,
  heartbeat: part('{}'),
  next: (result) => part(`{"payload":${result}}`),
  fatal: (errors) => part(`{"payload":null,"errors":${errors}}`),
  closing: '--\r\n',
};

export const streamForms: Record<NonNullable<Acceptance['stream']>, StreamForm> = {
  'text/event-stream': serverSentEvents,
  'multipart/mixed': multipart,
};
