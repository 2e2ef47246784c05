import { request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './gateway-kit.js';

const LONG = '{ long(bytes: 5000) }';
const decoders = { zstd: zstdDecompressSync, gzip: gunzipSync, br: brotliDecompressSync, none: (bytes: Buffer) => bytes };

describe('an answer', () => {
  let served: TestGateway;
  beforeAll(async () => {
    served = await startTestGateway();
  });
  afterAll(() => served[Symbol.asyncDispose]());

  /** As it is on the wire: `fetch` would decode it, and asks for what it likes. */
  const ask = async (query: string, encoding?: string) => {
    const headers = { 'content-type': 'application/json', ...(encoding !== undefined && { 'accept-encoding': encoding }) };
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      request(served.url, { method: 'POST', headers }, resolve).on('error', reject).end(JSON.stringify({ query })),
    );
    return { headers: answer.headers, bytes: await buffer(answer) };
  };

  it.each([
    ['gzip', 'gzip'],
    ['zstd', 'zstd'],
    ['br', 'br'],
    ['gzip;q=0.1, br', 'br'],
    [undefined, 'none'],
    ['identity', 'none'],
  ] as const)('above 1 kB is sent to who accepts %j as %s', async (accepted, encoding) => {
    const { headers, bytes } = await ask(LONG, accepted);
    expect(headers['content-encoding']).toBe(encoding === 'none' ? undefined : encoding);
    expect(headers['vary']).toContain('accept-encoding');
    expect(Number(headers['content-length'])).toBe(bytes.length);
    expect(JSON.parse(decoders[encoding](bytes).toString())).toEqual({ data: { long: 'x'.repeat(5_000) } });
  });

  it.each(['Creme', 'Crème', 'Crème 😀'])('is as long as it says, with %j in it', async (name) => {
    const { headers, bytes } = await ask(`mutation { rename(id: 1, name: "${name}") { name } }`);
    expect(JSON.parse(bytes.toString())).toEqual({ data: { rename: { name } } });
    expect(Number(headers['content-length'])).toBe(bytes.length);
  });

  it('below that is sent as it is', async () => {
    const { headers } = await ask('{ carriers }', 'gzip');
    expect(headers['content-encoding']).toBeUndefined();
  });
});
