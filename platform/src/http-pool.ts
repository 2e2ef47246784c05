import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { atEndOfTurn } from './end-of-turn.js';
import { httpResponseReader, type HttpResponse, type HttpResponseReader, type Progress } from './http-response-reader.js';

export interface HttpPost {
  path: string;
  /** `host` and `content-length` are added. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** An answer that is longer is not read on. */
  maxAnswerBytes: number;
  /** Ends the call at once, with its reason. The other side is told, by a closed connection, unless it answers within 50 ms. */
  signal: AbortSignal;
}

export type HttpAnswer = Pick<HttpResponse, 'status' | 'text'>;

/** An answer of more bytes than are read. */
export class AnswerTooLong extends Error {}

/** POSTs to one origin over connections that stay open. Disposing rejects what is under way. */
export interface HttpPool extends AsyncDisposable {
  /**
   * Rejects with AnswerTooLong, the signal's reason, or what went wrong on the way. Nothing is sent twice: a call that a closing connection
   * lost is for the caller to repeat, who knows what it does.
   */
  post(post: HttpPost): Promise<HttpAnswer>;
}

export interface HttpPoolOptions {
  /** Connections at a time; further calls wait. 64 when left out. */
  connections?: number;
  /** 2,000 when left out. */
  connectTimeoutMs?: number;
}

/** What is assumed when the other side does not say how long it keeps a connection: Node keeps it for 5 s. */
const DEFAULT_IDLE_MS = 5_000;
/** The end of a connection may be on its way already. */
const IDLE_MARGIN_MS = 1_000;
/** Most answers that nobody wants any more come within that time, and spare those who come next a connection. */
const GRACE_MS = 50;
const READ_BYTES = 65_536;

interface Call {
  text: RequestText;
  reader: HttpResponseReader;
  connection: Connection | null;
  isSent: boolean;
  resolve(answer: HttpAnswer): void;
  /** Once; frees what waits for the signal. */
  reject(error: Error): void;
}

interface Connection {
  socket: Socket;
  /** Null while nobody waits for an answer. */
  call: Call | null;
  /** On the clock of `performance.now()`. */
  usableUntilMs: number;
}

/**
 * Written by hand on bare sockets, for this one use: a general client costs about twice the processor time for a call, and calls of
 * subgraphs are half of what a gateway does. No redirects, no pipelining, no compression.
 */
export function httpPool(origin: URL, { connections = 64, connectTimeoutMs = 2_000 }: HttpPoolOptions = {}): HttpPool {
  const idle: Connection[] = [];
  const open = new Set<Connection>();
  const waiting: Call[] = [];
  let isClosed = false;

  const start = (call: Call): void => {
    const now = performance.now();
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (connection.usableUntilMs > now) return run(connection, call);
      drop(connection);
    }
    if (open.size < connections) run(opened(), call);
    else waiting.push(call);
  };
  const run = (connection: Connection, call: Call): void => {
    connection.call = call;
    call.connection = connection;
    atEndOfTurn(() => {
      // Nobody may want it any more.
      if (connection.call !== call) return;
      call.isSent = true;
      connection.socket.write(call.text.bytes, call.text.encoding);
    });
  };
  const settle = (connection: Connection, progress: Progress): void => {
    const { call } = connection;
    if (!call || progress.kind === 'more') return;
    if (progress.kind !== 'complete') return lose(connection, faultOf(progress));
    connection.call = null;
    call.resolve(progress.response);
    release(connection, progress.response.keepAlive);
  };
  const release = (connection: Connection, { isKept, idleMs }: HttpResponse['keepAlive']): void => {
    if (!isKept || isClosed) return drop(connection);
    const next = waiting.shift();
    if (next) return run(connection, next);
    connection.usableUntilMs = performance.now() + (idleMs ?? DEFAULT_IDLE_MS) - IDLE_MARGIN_MS;
    idle.push(connection);
  };
  const lose = (connection: Connection, error: Error): void => {
    const { call } = connection;
    connection.call = null;
    drop(connection);
    call?.reject(error);
  };
  const drop = (connection: Connection): void => {
    if (!open.delete(connection)) return;
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    connection.socket.destroy();
    const next = isClosed ? undefined : waiting.shift();
    if (next) start(next);
  };
  const opened = (): Connection => {
    const take = (length: number, bytes: Uint8Array): boolean => {
      // Bytes that nobody has asked for say nothing that can be trusted.
      if (!connection.call) drop(connection);
      else settle(connection, connection.call.reader.take(Buffer.from(bytes.buffer, bytes.byteOffset, length)));
      return true;
    };
    const socket = socketTo(origin, { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback: take });
    const connection: Connection = { socket, call: null, usableUntilMs: 0 };
    open.add(connection);
    socket.setNoDelay(true);
    const timer = setTimeout(() => lose(connection, new Error(`No connection to ${origin.host} in time.`)), connectTimeoutMs);
    socket.once(origin.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(timer));
    socket.once('error', (error) => lose(connection, error));
    socket.once('end', () => {
      const last = connection.call?.reader.end();
      if (last?.kind === 'complete') settle(connection, last);
      else lose(connection, new Error(`${origin.host} has closed the connection.`));
    });
    socket.once('close', () => {
      clearTimeout(timer);
      lose(connection, new Error(`${origin.host} has closed the connection.`));
    });
    return connection;
  };
  const abandon = (call: Call, error: Error): void => {
    const { connection } = call;
    if (connection && call.isSent) {
      call.reject(error);
      setTimeout(() => connection.call === call && lose(connection, error), GRACE_MS).unref();
      return;
    }
    if (connection) return lose(connection, error);
    const at = waiting.indexOf(call);
    if (at >= 0) waiting.splice(at, 1);
    call.reject(error);
  };
  return {
    post: (post) =>
      new Promise((resolve, reject) => {
        const { signal } = post;
        if (isClosed || signal.aborted) return reject(isClosed ? closed() : reasonOf(signal));
        const abort = () => abandon(call, reasonOf(signal));
        const done = () => signal.removeEventListener('abort', abort);
        const call: Call = {
          text: requestText(post, origin.host),
          reader: httpResponseReader(post.maxAnswerBytes),
          connection: null,
          isSent: false,
          resolve: (answer) => {
            done();
            resolve(answer);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        };
        signal.addEventListener('abort', abort);
        start(call);
      }),
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      for (const call of waiting.splice(0)) call.reject(closed());
      for (const connection of open) lose(connection, closed());
    },
  };
}

interface OnRead {
  buffer: Buffer;
  callback(length: number, bytes: Uint8Array): boolean;
}

function socketTo({ protocol, hostname, port }: URL, onread: OnRead): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol !== 'https:') return connectPlain({ host, port: Number(port || 80), onread });
  const options = { host, port: Number(port || 443), servername: host, ALPNProtocols: ['http/1.1'], onread };
  return connectTls(options);
}

interface RequestText {
  bytes: string | Buffer;
  encoding: 'latin1' | 'utf8';
}

/** In one string, so that it leaves in one write. A line end in a header would begin another one. */
function requestText({ path, headers, body }: HttpPost, host: string): RequestText {
  const length = Buffer.byteLength(body);
  let head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${length}\r\n`;
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? '';
    if (/[\r\n\0]/.test(value)) throw new Error(`The header ${name} holds a line end.`);
    head += `${name}: ${value}\r\n`;
  }
  // Headers are bytes, one a character; only a body is UTF-8. Of ASCII both are the same, and this way costs least.
  if (length === body.length) return { bytes: `${head}\r\n${body}`, encoding: 'latin1' };
  if (!/[^\0-\x7f]/.test(head)) return { bytes: `${head}\r\n${body}`, encoding: 'utf8' };
  return { bytes: Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), Buffer.from(body)]), encoding: 'utf8' };
}

function faultOf(progress: Extract<Progress, { kind: 'too-long' | 'broken' }>): Error {
  return progress.kind === 'too-long'
    ? new AnswerTooLong('More was answered than is read.')
    : new Error(`The answer is no HTTP: ${progress.why}.`);
}

function closed(): Error {
  return new Error('The pool is closed.');
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
