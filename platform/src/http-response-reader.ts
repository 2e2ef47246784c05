import { decodeContent } from './http-content-coding.js';
import { chunkReader, type ChunkReader } from './http-chunk-reader.js';

/** One response of a connection that answers one request at a time. */
export interface HttpResponse {
  status: number;
  text: string;
  /** The other side goes on with this connection; until how long it lies unused, in milliseconds, where it says so. */
  keepAlive: { isKept: boolean; idleMs: number | null };
}

export type Progress =
  | { kind: 'more' }
  | { kind: 'complete'; response: HttpResponse }
  | { kind: 'too-long' }
  | { kind: 'broken'; why: string };

export interface HttpResponseReader {
  /** Takes the next bytes of the connection. They are read or copied before it returns. */
  take(bytes: Buffer): Progress;
  /** The connection has ended: some responses are complete only then. */
  end(): Progress;
}

const MORE: Progress = { kind: 'more' };
const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 64_000;

interface Head {
  status: number;
  /** Null: the body ends with the connection. */
  length: number | 'chunked' | null;
  /** Null: the body is as it is. */
  coding: string | null;
  keepAlive: HttpResponse['keepAlive'];
}

/**
 * Reads the response to one request (RFC 9112): with a length, in chunks, or until the connection ends; a body of at most `maxBytes`, also
 * where it was compressed. Most come as a whole, and are read out of the bytes they came in without a copy.
 */
export function httpResponseReader(maxBytes: number): HttpResponseReader {
  let waiting: Buffer | null = null;
  let head: Head | null = null;
  const parts: Buffer[] = [];
  let length = 0;
  let chunks: ChunkReader | null = null;

  const complete = (bytes: Buffer, { status, coding, keepAlive }: Head): Progress => {
    const decoded = coding === null ? null : decodeContent(bytes, coding, maxBytes);
    if (decoded && decoded.kind !== 'decoded') return decoded;
    return { kind: 'complete', response: { status, text: (decoded?.bytes ?? bytes).toString('utf8'), keepAlive } };
  };
  const keep = (bytes: Buffer): Progress => {
    length += bytes.length;
    if (length > maxBytes) return { kind: 'too-long' };
    if (bytes.length > 0) parts.push(Buffer.from(bytes));
    return MORE;
  };
  const body = (bytes: Buffer, known: Head): Progress => {
    const { length: expected } = known;
    if (expected === 'chunked') {
      chunks ??= chunkReader(keep);
      const state = chunks(bytes);
      return state === 'done' ? complete(Buffer.concat(parts), known) : state;
    }
    if (expected === null) return keep(bytes);
    if (expected > maxBytes) return { kind: 'too-long' };
    if (length === 0 && bytes.length >= expected) {
      if (bytes.length > expected) return { kind: 'broken', why: 'more than was announced' };
      return complete(bytes, known);
    }
    const kept = keep(bytes);
    if (kept.kind !== 'more' || length < expected) return kept;
    return length > expected ? { kind: 'broken', why: 'more than was announced' } : complete(Buffer.concat(parts), known);
  };
  const take = (bytes: Buffer): Progress => {
    if (head) return body(bytes, head);
    const all = waiting ? Buffer.concat([waiting, bytes]) : bytes;
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      if (all.length > MAX_HEAD_BYTES) return { kind: 'broken', why: 'a head without an end' };
      waiting = Buffer.from(all);
      return MORE;
    }
    const read = headOf(all.toString('latin1', 0, end));
    if (!read) return { kind: 'broken', why: 'a head that is none' };
    const rest = all.subarray(end + HEAD_END.length);
    waiting = null;
    // 100 Continue and the like come before the response itself.
    if (read.status < 200) return rest.length > 0 ? take(rest) : MORE;
    head = read;
    return body(rest, head);
  };
  return {
    take,
    end: () => (head && head.length === null ? complete(Buffer.concat(parts), head) : { kind: 'broken', why: 'an end in the middle' }),
  };
}

function headOf(text: string): Head | null {
  const status = /^HTTP\/1\.([01]) (\d{3})/.exec(text);
  if (!status) return null;
  const connection = header(text, 'connection');
  const isKept = status[1] === '1' ? connection?.toLowerCase() !== 'close' : connection?.toLowerCase() === 'keep-alive';
  const idle = /timeout=(\d+)/.exec(header(text, 'keep-alive') ?? '')?.[1];
  const length = status[2] === '204' || status[2] === '304' ? 0 : lengthOf(text);
  if (length === 'wrong') return null;
  const coding = length === 0 ? null : header(text, 'content-encoding');
  return {
    status: Number(status[2]),
    length,
    coding,
    keepAlive: { isKept: isKept && length !== null, idleMs: idle ? Number(idle) * 1000 : null },
  };
}

/** Both a length and chunks would let two readers disagree on where the response ends. */
function lengthOf(head: string): Head['length'] | 'wrong' {
  const coding = header(head, 'transfer-encoding');
  const length = header(head, 'content-length');
  if (coding !== null) return coding.toLowerCase() === 'chunked' && length === null ? 'chunked' : 'wrong';
  if (length === null) return null;
  return /^\d{1,15}$/.test(length) ? Number(length) : 'wrong';
}

const patterns = new Map(
  ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding'].map((name) => [
    name,
    new RegExp(`\\r\\n${name}:[ \\t]*([^\\r]*?)[ \\t]*(?:\\r|$)`, 'i'),
  ]),
);

function header(head: string, name: string): string | null {
  return patterns.get(name)?.exec(head)?.[1] ?? null;
}
