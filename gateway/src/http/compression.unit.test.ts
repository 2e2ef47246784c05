import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compressed, encodingFor } from './compression.js';

it.each([
  [undefined, null],
  ['', null],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip, br', 'gzip'],
  ['gzip;q=0.5, br;q=0.8', 'br'],
  ['gzip;q=0', null],
  ['gzip;q=0, *', 'zstd'],
  ['*;q=0', null],
  ['*;q=0, br;q=0.1', 'br'],
  ['identity', null],
  ['identity;q=1, gzip;q=0.5', null],
  ['identity;q=0.5, gzip', 'gzip'],
  ['deflate, compress', null],
  ['gzip;q=nonsense', null],
] as const)('for %j an answer is encoded as %j', (accepted, encoding) => {
  expect(encodingFor(accepted)).toBe(encoding);
});

it('what is encoded can be decoded', async () => {
  const bytes = Buffer.from('{"data":"ä€"}'.repeat(1_000));
  const decoders = { zstd: zstdDecompressSync, gzip: gunzipSync, br: brotliDecompressSync };
  for (const encoding of ['zstd', 'gzip', 'br'] as const) {
    const packed = await compressed(bytes, encoding);
    expect(packed.length).toBeLessThan(bytes.length / 10);
    expect(decoders[encoding](packed).equals(bytes)).toBe(true);
  }
});
