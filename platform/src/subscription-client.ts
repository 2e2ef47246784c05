import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { EventBuffer } from './event-buffer.js';
import { serviceUnavailable } from './graphql-errors.js';
import { isRecord } from './is-record.js';

export interface SubscriptionClientOptions {
  /** `ws:` or `wss:`. */
  url: string;
  /** Of the handshake, and again in `connection_init`. */
  headers?: Readonly<Record<string, string>>;
  /** A server that leaves a ping unanswered for this long is taken for dead; 10 s when left out. */
  pingIntervalMs?: number;
}

/** Subscriptions of one server, over one WebSocket that is opened when it is needed and closed when it is not. */
export interface SubscriptionClient extends AsyncDisposable {
  /**
   * Events until `signal` fires. When the connection is lost or cannot be had, it throws SERVICE_UNAVAILABLE and nothing is tried again; what
   * the server refuses is one event with errors.
   */
  subscribe(payload: object, signal: AbortSignal): AsyncIterableIterator<FormattedExecutionResult>;
}

const PING_INTERVAL_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_MS = 5_000;
const MAX_MESSAGE_BYTES = 16_000_000;

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connection_ack') }),
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('next'), id: z.string(), payload: z.custom<FormattedExecutionResult>(isRecord) }),
  z.object({ type: z.literal('error'), id: z.string(), payload: z.array(z.custom<GraphQLFormattedError>(isRecord)) }),
  z.object({ type: z.literal('complete'), id: z.string() }),
]);

/** Opens nothing until something is subscribed to; closes 5 s after the last stream has ended. */
export function subscriptionClient(options: SubscriptionClientOptions): SubscriptionClient {
  let connection: Connection | null = null;
  const current = (): Connection => {
    if (!connection?.isUsable) connection = new Connection(options);
    return connection;
  };
  return {
    subscribe: (payload, signal) => {
      const connected = current();
      const stream = new EventBuffer((id) => connected.leave(id));
      connected.add(stream, payload);
      if (signal.aborted) void stream.return();
      else signal.addEventListener('abort', () => void stream.return(), { once: true });
      return stream;
    },
    [Symbol.asyncDispose]: async () => connection?.close(),
  };
}

/** One WebSocket, from its handshake to its end. */
class Connection {
  isUsable = true;
  readonly #socket: WebSocket;
  readonly #streams = new Map<string, EventBuffer>();
  readonly #pinging: NodeJS.Timeout;
  #waiting: string[] | null = [];
  #unanswered = false;
  #idle: NodeJS.Timeout | null = null;

  constructor({ url, headers = {}, pingIntervalMs = PING_INTERVAL_MS }: SubscriptionClientOptions) {
    const socket = new WebSocket(url, 'graphql-transport-ws', {
      headers,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    const hurry = setTimeout(() => this.#lost(), CONNECT_TIMEOUT_MS);
    this.#pinging = setInterval(() => this.#ping(), pingIntervalMs).unref();
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: headers })));
    socket.on('message', (data: Buffer) => {
      const { data: message } = messageSchema.safeParse(parsed(data.toString()));
      if (!message) return this.#lost();
      if (message.type === 'connection_ack') clearTimeout(hurry);
      this.#hear(message);
    });
    socket.on('pong', () => (this.#unanswered = false));
    socket.on('error', () => this.#lost());
    socket.on('close', () => {
      clearTimeout(hurry);
      this.#lost();
    });
  }

  add(stream: EventBuffer, payload: object): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#streams.set(stream.id, stream);
    const text = JSON.stringify({ id: stream.id, type: 'subscribe', payload });
    if (this.#waiting) this.#waiting.push(text);
    else this.#socket.send(text);
  }

  leave(id: string): void {
    if (!this.#streams.delete(id) || !this.isUsable) return;
    const text = JSON.stringify({ id, type: 'complete' });
    if (this.#waiting) this.#waiting.push(text);
    else this.#socket.send(text);
    this.#restIfIdle();
  }

  close(): void {
    this.#lost();
    this.#socket.close(1000);
  }

  #hear(message: z.infer<typeof messageSchema>): void {
    switch (message.type) {
      case 'connection_ack':
        for (const text of this.#waiting ?? []) this.#socket.send(text);
        this.#waiting = null;
        return;
      case 'ping':
        return this.#socket.send('{"type":"pong"}');
      case 'pong':
        return;
      case 'next':
        return this.#streams.get(message.id)?.arrive(message.payload);
      case 'error':
        this.#streams.get(message.id)?.arrive({ errors: message.payload });
        return this.#done(message.id);
      case 'complete':
        return this.#done(message.id);
      default:
        return message satisfies never;
    }
  }

  #done(id: string): void {
    this.#streams.get(id)?.end({ kind: 'done' });
    this.#streams.delete(id);
    this.#restIfIdle();
  }

  #restIfIdle(): void {
    if (this.#streams.size > 0) return;
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
  }

  #ping(): void {
    if (this.#unanswered) return this.#lost();
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#unanswered = true;
    this.#socket.ping();
  }

  #lost(): void {
    if (!this.isUsable) return;
    this.isUsable = false;
    clearInterval(this.#pinging);
    if (this.#idle) clearTimeout(this.#idle);
    for (const stream of this.#streams.values()) stream.end({ kind: 'failed', error: serviceUnavailable('A part of the shop') });
    this.#streams.clear();
    if (this.#socket.readyState !== WebSocket.CLOSED && this.#socket.readyState !== WebSocket.CLOSING) this.#socket.terminate();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
