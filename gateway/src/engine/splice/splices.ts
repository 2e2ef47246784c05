import type { Choice, ResponseShape } from '../response-shape.js';
import type { Splice } from './splice.js';

/** What is asked less often is not worth the patterns. */
export const SPLICED_AFTER = 5;
/** Of answers one after the other that were not as expected. */
const MISSES = 5;
/** For so many runs it is not tried then. */
const REST = 1_000;

type Chosen = Extract<Choice, { kind: 'chosen' }>;

interface Kept<C> {
  runs: number;
  splice: Splice<C> | null;
  misses: number;
}

/** The splice of each shape of an operation; null while there is none that is worth it. `after`: how many runs come first. */
export function splicesOf<C>(compile: (chosen: Chosen) => Splice<C> | null, after: number): (chosen: Chosen) => Splice<C> | null {
  const known = new WeakMap<ResponseShape, Kept<C>>();
  const begun = (shape: ResponseShape): Kept<C> => {
    const kept = { runs: 0, splice: null, misses: 0 };
    known.set(shape, kept);
    return kept;
  };
  return (chosen) => {
    const kept = known.get(chosen.shape) ?? begun(chosen.shape);
    if (kept.runs++ === after) kept.splice = counting(compile(chosen), kept, after);
    return kept.runs > after ? kept.splice : null;
  };
}

/** After too many answers that were not as expected all begins anew, and later. Answers that did not come say nothing of their form. */
function counting<C>(splice: Splice<C> | null, kept: Kept<C>, after: number): Splice<C> | null {
  if (!splice) return null;
  return async (run) => {
    const spliced = await splice(run);
    if (spliced.kind === 'unexpected') kept.misses++;
    if (spliced.kind === 'response') kept.misses = 0;
    if (kept.misses >= MISSES) Object.assign(kept, { runs: after - REST, splice: null, misses: 0 });
    return spliced;
  };
}
