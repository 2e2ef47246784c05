import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** In characters. Below this an answer fits into one packet or two, and compressing it saves nobody any time. */
export const COMPRESSED_FROM = 1_024;

/** In the order of what they cost us for what they save, where a client likes several as well. */
const encoders = {
  zstd: promisify(zstdCompress),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 4 }),
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
};

export type Encoding = keyof typeof encoders;

const encodings: readonly Encoding[] = ['zstd', 'gzip', 'br'];

const known = new LRUCache<string, { encoding: Encoding | null }>({ max: 1_000 });

/** The encoding that an Accept-Encoding header likes best; null: as it is. */
export function encodingFor(acceptEncoding: string | undefined): Encoding | null {
  if (!acceptEncoding) return null;
  const remembered = known.get(acceptEncoding);
  if (remembered) return remembered.encoding;
  const encoding = understood(acceptEncoding);
  known.set(acceptEncoding, { encoding });
  return encoding;
}

/** Off the event loop. */
export async function compressed(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  return encoders[encoding](bytes);
}

function understood(acceptEncoding: string): Encoding | null {
  const qualities = new Map(acceptEncoding.split(',').map(qualityOf));
  const qualityFor = (encoding: Encoding) => qualities.get(encoding) ?? qualities.get('*') ?? 0;
  const [best] = encodings.toSorted((a, b) => qualityFor(b) - qualityFor(a));
  if (!best || qualityFor(best) === 0) return null;
  return qualityFor(best) < (qualities.get('identity') ?? 0) ? null : best;
}

function qualityOf(text: string): [string, number] {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return [name, quality === undefined ? 1 : Number(quality) || 0];
}
