import type { Progress } from './http-response-reader.js';

const MORE: Progress = { kind: 'more' };
const MAX_LINE_BYTES = 64_000;
const LINE_END = 10;

export type ChunkReader = (bytes: Buffer) => Progress | 'done';

/** Hands on what lies in the chunks; `done` after the last one and its trailers. */
export function chunkReader(hand: (bytes: Buffer) => Progress): ChunkReader {
  let line = '';
  let left = 0;
  let state: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  const lineEnded = (): Progress | 'done' | null => {
    const text = line.trim();
    line = '';
    if (state === 'trailer') return text === '' ? 'done' : null;
    if (state === 'data-end') {
      state = 'size';
      return null;
    }
    const size = /^([\da-f]{1,8})\s*(?:;|$)/i.exec(text)?.[1];
    if (size === undefined) return { kind: 'broken', why: 'a chunk without a size' };
    left = parseInt(size, 16);
    state = left === 0 ? 'trailer' : 'data';
    return null;
  };
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (state === 'data') {
        const part = bytes.subarray(at, at + left);
        const handed = hand(part);
        if (handed.kind !== 'more') return handed;
        at += part.length;
        left -= part.length;
        if (left === 0) state = 'data-end';
        continue;
      }
      const end = bytes.indexOf(LINE_END, at);
      line += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
      if (line.length > MAX_LINE_BYTES) return { kind: 'broken', why: 'a line without an end' };
      if (end < 0) return MORE;
      at = end + 1;
      const ended = lineEnded();
      if (ended) return ended;
    }
    return MORE;
  };
}
