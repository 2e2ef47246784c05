import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { IncrementalResult } from '../engine/graph-engine.js';
import type { SubsequentResult } from '../engine/incremental.js';
import type { LimitWatch } from '../limits/limit-watch.js';
import { excessOf, type Limits } from '../limits/limits.js';
import { responseTooLarge } from '../limits/refusal.js';
import type { MaskError } from '../masking.js';
import { DEFER_SPEC } from './media-type.js';

export interface DeferredAnswerOptions {
  mask: MaskError;
  limits: Limits;
  watch: LimitWatch;
}

type Begun = Extract<IncrementalResult, { kind: 'begun' }>;

const HEAD = 'content-type: application/json; charset=utf-8\r\n\r\n';

/** Writes what is there, and each deferred part when it is (multipart/mixed, deferSpec=20220824). Ends early when the client leaves. */
export async function writeDeferred(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  { result, subsequent }: Begun,
  options: DeferredAnswerOptions,
): Promise<void> {
  let bytes = 0;
  const write = (part: { readonly hasNext: boolean; readonly [key: string]: unknown }) => {
    const text = JSON.stringify(part);
    bytes += Buffer.byteLength(text);
    response.write(`${HEAD}${text}\r\n---${part.hasNext ? '' : '--'}\r\n`);
  };
  response.writeHead(200, { ...headers, 'content-type': `multipart/mixed; boundary="-"; ${DEFER_SPEC}` });
  response.write('\r\n---\r\n');
  write({ ...result, ...(result.errors && { errors: result.errors.map(options.mask) }), hasNext: true });
  for await (const later of subsequent) {
    if (response.destroyed) break;
    const [excess] = excessOf('responseBytes', options.limits.responseBytes, () => bytes);
    if (excess && options.watch.refuses(excess)) {
      write({ incremental: [{ path: [], data: null, errors: [responseTooLarge(excess)] }], hasNext: false });
      break;
    }
    write(masked(later, options.mask));
  }
  response.end();
}

function masked({ incremental, hasNext }: SubsequentResult, mask: (error: GraphQLError) => unknown) {
  const parts = incremental?.map((part) => (part.errors ? { ...part, errors: part.errors.map(mask) } : part));
  return { ...(parts && { incremental: parts }), hasNext };
}
