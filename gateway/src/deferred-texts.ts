import type { GraphQLError } from 'graphql';
import type { IncrementalResult } from './engine/graph-engine.js';
import type { SubsequentResult } from './engine/incremental.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { excessOf, type Limits } from './limits/limits.js';
import { responseTooLarge } from './limits/refusal.js';
import type { MaskError } from './masking.js';

export interface DeferredAnswerOptions {
  mask: MaskError;
  limits: Limits;
  watch: LimitWatch;
}

export type Begun = Extract<IncrementalResult, { kind: 'begun' }>;

/** What is there, and each deferred part when it is, in JSON (deferSpec=20220824): errors masked, and no more than one answer may hold. */
export async function* deferredTexts(
  { result, subsequent }: Begun,
  { mask, limits, watch }: DeferredAnswerOptions,
): AsyncGenerator<{ text: string; hasNext: boolean }> {
  let bytes = 0;
  const written = (part: { readonly hasNext: boolean; readonly [key: string]: unknown }) => {
    const text = JSON.stringify(part);
    bytes += Buffer.byteLength(text);
    return { text, hasNext: part.hasNext };
  };
  yield written({ ...result, ...(result.errors && { errors: result.errors.map(mask) }), hasNext: true });
  for await (const later of subsequent) {
    const [excess] = excessOf('responseBytes', limits.responseBytes, () => bytes);
    if (excess && watch.refuses(excess)) {
      yield written({ incremental: [{ path: [], data: null, errors: [responseTooLarge(excess)] }], hasNext: false });
      return;
    }
    yield written(masked(later, mask));
  }
}

function masked({ incremental, hasNext }: SubsequentResult, mask: (error: GraphQLError) => unknown) {
  const parts = incremental?.map((part) => (part.errors ? { ...part, errors: part.errors.map(mask) } : part));
  return { ...(parts && { incremental: parts }), hasNext };
}
