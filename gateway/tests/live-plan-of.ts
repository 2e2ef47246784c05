import type { ClientRequest } from '../src/client-request.js';
import type { LivePlan } from '../src/engine/live/live-plan.js';

/** A plan that is known by its source, and never followed. */
export function compileLive(source: string): LivePlan<ClientRequest> {
  return {
    source,
    shape: source,
    open: async () => ({ data: null }),
    marksOf: () => ({ cursor: null, entity: null }),
    complete: async () => ({ data: null }),
    policy: { joining: { kind: 'nothing' }, conflate: false, canResume: false },
  };
}
