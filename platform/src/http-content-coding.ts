import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** `coded`: a body as it came. */
type Decode = (coded: Buffer, options: { maxOutputLength: number }) => Buffer;

/** Deflate means zlib's form; some servers leave its header out. */
const deflate: Decode = (coded, options) => ((coded[0] ?? 0) % 16 === 8 ? inflateSync : inflateRawSync)(coded, options);

const decoders = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', deflate],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

export type Decoded = { kind: 'decoded'; bytes: Buffer } | { kind: 'too-long' } | { kind: 'broken'; why: string };

/**
 * Undoes a Content-Encoding, also several: `gzip`, `deflate`, `br`, `zstd` and `identity`. Stops where more than `maxBytes` come out. At once, on
 * this thread: nobody is asked for compressed answers, and few give them unasked.
 */
export function decodeContent(coded: Buffer, coding: string, maxBytes: number): Decoded {
  const names = coding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  let bytes = coded;
  for (const name of names.toReversed()) {
    const decode = decoders.get(name);
    if (!decode) return { kind: 'broken', why: 'a content coding that is not known' };
    try {
      bytes = decode(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      const isTooLong = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return isTooLong ? { kind: 'too-long' } : { kind: 'broken', why: `no ${name}` };
    }
  }
  return { kind: 'decoded', bytes };
}
