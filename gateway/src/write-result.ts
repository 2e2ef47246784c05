import type { ExecutionResult, GraphQLError } from 'graphql';
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
    const text = JSON.stringify(result.errors ? { ...result, errors: result.errors.map(mask) } : result);
    const [excess] = excessOf('responseBytes', limits.responseBytes, () => Buffer.byteLength(text));
    return excess && watch.refuses(excess) ? JSON.stringify({ data: null, errors: [responseTooLarge(excess)] }) : text;
  };
  return Object.assign(write, { error: mask });
}
