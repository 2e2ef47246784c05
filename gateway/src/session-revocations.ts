import type { EventBus } from '@shop/platform/event-bus';
import { z } from 'zod';

/** `users.session-revoked.v1`, as far as the gateway reads it; a test compares it with the owner's contract. */
export const SESSION_REVOKED = 'users.session-revoked.v1';
const dataSchema = z.object({ sessionId: z.string() });

/** Calls `hear` with the id of every session that ends before its time, at most once, until disposed. */
export function sessionRevocationsOn(bus: EventBus): (hear: (sessionId: string) => void) => Disposable {
  return (hear) =>
    bus.listen([SESSION_REVOKED], ({ data }) => {
      const revoked = dataSchema.safeParse(data);
      if (revoked.success) hear(revoked.data.sessionId);
    });
}
