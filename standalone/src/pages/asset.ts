import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A file as it is sent: compressed once, and known by its content. */
export interface Asset {
  type: string;
  plain: Buffer;
  gzipped: Buffer;
  etag: string;
}

const compress = promisify(gzip);

export async function makeAsset(type: string, content: string | Buffer): Promise<Asset> {
  const plain = Buffer.from(content);
  return { type, plain, gzipped: await compress(plain), etag: `W/"${createHash('sha256').update(plain).digest('base64url')}"` };
}

/** Sends it, or 304 when the browser has it already; it may keep it, but asks each time. */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  const { type, plain, gzipped, etag } = asset;
  void reply.headers({ etag, 'cache-control': 'no-cache', 'content-type': type, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(plain);
  return reply.header('content-encoding', 'gzip').send(gzipped);
}
