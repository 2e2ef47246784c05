import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { httpResponseReader, type Progress } from './http-response-reader.js';

const OK = 'HTTP/1.1 200 OK\r\n';

/** What comes of a response whose bytes arrive in pieces of this size, and end or not. */
function read(response: string | Buffer, { size = Infinity, maxBytes = 1_000, ends = false } = {}): Progress {
  const bytes = Buffer.from(response);
  const reader = httpResponseReader(maxBytes);
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) {
    // The memory is used again for the next bytes, as it is on a socket.
    const piece = Buffer.from(bytes.subarray(at, at + size));
    const progress = reader.take(piece);
    piece.fill(0);
    if (progress.kind !== 'more') return progress;
  }
  return ends ? reader.end() : { kind: 'more' };
}

const complete = (text: string, over: { status?: number; isKept?: boolean; idleMs?: number | null } = {}) => ({
  kind: 'complete',
  response: { status: over.status ?? 200, text, keepAlive: { isKept: over.isKept ?? true, idleMs: over.idleMs ?? null } },
});

describe.each([1, 2, 7, Infinity])('a response that arrives in pieces of %i bytes', (size) => {
  it.each([
    ['with a length', `${OK}Content-Length: 9\r\n\r\n{"ä":"€"}`.replace('9', '12'), complete('{"ä":"€"}')],
    ['without a body', `${OK}content-length: 0\r\n\r\n`, complete('')],
    ['in chunks', `${OK}transfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n3;x=y\r\n:1}\r\n0\r\n\r\n`, complete('{"a":1}')],
    ['in chunks with a trailer', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx: y\r\n\r\n`, complete('{}')],
    ['after 100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 2\r\n\r\n{}`, complete('{}')],
    ['that is the last', `${OK}connection: close\r\ncontent-length: 2\r\n\r\n{}`, complete('{}', { isKept: false })],
    ['with a keep-alive', `${OK}keep-alive: timeout=5\r\ncontent-length: 2\r\n\r\n{}`, complete('{}', { idleMs: 5_000 })],
    ['of an error', 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\n\r\noops', complete('oops', { status: 502 })],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}', complete('{}', { isKept: false })],
    ['with no content', 'HTTP/1.1 204 No Content\r\n\r\n', complete('', { status: 204 })],
  ])('%s is read', (_, text, expected) => {
    expect(read(text, { size })).toEqual(expected);
  });

  it('and whose body ends with the connection, is read', () => {
    expect(read(`${OK}\r\n{"a":1}`, { size, ends: true })).toEqual(complete('{"a":1}', { isKept: false }));
  });

  it.each([
    ['that is none', 'SMTP ready\r\n\r\n'],
    ['with both a length and chunks', `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`],
    ['with a length that is no number', `${OK}content-length: 2x\r\n\r\n{}`],
    ['with a negative length', `${OK}content-length: -2\r\n\r\n{}`],
    ['in chunks of no size', `${OK}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`],
    ['in another coding', `${OK}transfer-encoding: gzip\r\n\r\n{}`],
  ])('%s is broken', (_, text) => {
    expect(read(text, { size }).kind).toBe('broken');
  });

  it('and ends in the middle, is broken', () => {
    expect(read(`${OK}content-length: 9\r\n\r\n{}`, { size, ends: true }).kind).toBe('broken');
    expect(read(OK, { size, ends: true }).kind).toBe('broken');
  });

  it.each([`${OK}content-length: 11\r\n\r\n{"a":12345}`, `${OK}transfer-encoding: chunked\r\n\r\nb\r\n{"a":12345}\r\n0\r\n\r\n`])(
    'and is longer than is read, is given up: %#',
    (text) => {
      expect(read(text, { size, maxBytes: 10 }).kind).toBe('too-long');
    },
  );
});

describe('a compressed response', () => {
  const compressed = (coding: string, body: Buffer) =>
    Buffer.concat([Buffer.from(`${OK}content-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`), body]);
  const text = '{"a":"€"}';

  it.each([
    ['gzip', gzipSync(text)],
    ['X-Gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('in %s is read', (coding, body) => {
    expect(read(compressed(coding, body), { size: 3 })).toEqual(complete(text));
  });

  it('is given up where more comes out of it than is read', () => {
    expect(read(compressed('gzip', gzipSync(Buffer.alloc(100_000)))).kind).toBe('too-long');
  });

  it.each([
    ['pack', Buffer.from(text)],
    ['gzip', Buffer.from(text)],
  ])('that cannot be read is broken: %s', (coding, body) => {
    expect(read(compressed(coding, body)).kind).toBe('broken');
  });
});

it('a head without an end is broken before it fills the memory', () => {
  expect(read(`${OK}x: ${'y'.repeat(70_000)}`, { size: 1_000 }).kind).toBe('broken');
});

it('more than was announced is broken: it would be taken for the next answer', () => {
  expect(read(`${OK}content-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n`).kind).toBe('broken');
});
