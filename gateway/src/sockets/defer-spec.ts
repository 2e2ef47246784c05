import { z } from 'zod';

const asking = z.object({ deferSpec: z.literal('20220824') });

/**
 * Whether a client takes deferred parts of an answer later, in the form that `Accept` names over HTTP: it says `"deferSpec": "20220824"` in the
 * payload of `connection_init`, for all of its socket, or in the extensions of one operation. The protocol has no word of its own for it.
 */
export function takesDeferred(given: unknown): boolean {
  return asking.safeParse(given).success;
}
