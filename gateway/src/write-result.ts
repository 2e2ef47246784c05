import type { ExecutionResult, GraphQLError } from 'graphql';
import { WrittenResult } from './engine/written-result.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { excessOf, type Limits } from './limits/limits.js';
import { responseTooLarge } from './limits/refusal.js';
import type { MaskError } from './masking.js';

/** Writes results as clients of sockets and streams get them: errors masked, and not above the size that is allowed. */
export interface WriteResult {
  (result: ExecutionResult): string;
  error(error: GraphQLError): GraphQLError;
}

export function resultWriter(mask: MaskError, limits: Limits, watch: LimitWatch): WriteResult {
  const write = (result: ExecutionResult): string => {
    const text = resultText(result, mask);
    const [excess] = excessOf('responseBytes', limits.responseBytes, () => Buffer.byteLength(text));
    return excess && watch.refuses(excess) ? JSON.stringify({ data: null, errors: [responseTooLarge(excess)] }) : text;
  };
  return Object.assign(write, { error: mask });
}

/** Its JSON, with errors masked. */
export function resultText(result: ExecutionResult, mask: MaskError): string {
  if (result instanceof WrittenResult) return result.text;
  return JSON.stringify(result.errors ? { ...result, errors: result.errors.map(mask) } : result);
}
