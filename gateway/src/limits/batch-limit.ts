import type { LimitWatch } from './limit-watch.js';
import { excessOf, type Limits } from './limits.js';
import { refusal } from './refusal.js';

/** Judges how many entities one fetch asks for; throws MAX_REPRESENTATIONS_LIMIT, which costs that fetch and no more. */
export function batchLimit({ representations }: Limits, watch: LimitWatch): (count: number) => void {
  return (count) => {
    const [excess] = excessOf('representations', representations, () => count);
    if (excess && watch.refuses(excess)) throw refusal({ ...excess, limit: 'representations' });
  };
}
