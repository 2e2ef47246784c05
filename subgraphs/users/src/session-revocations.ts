import { sessionRevoked } from '@shop/events/users';
import type { EventBus } from '@shop/platform/event-bus';

/** Calls `hear` with the id of every session that ends before its time, at most once, until disposed. For who verifies access tokens. */
export function sessionRevocations(bus: EventBus, hear: (sessionId: string) => void): Disposable {
  return bus.listen([sessionRevoked.type], ({ data }) => {
    const revoked = sessionRevoked.data.safeParse(data);
    if (revoked.success) hear(revoked.data.sessionId);
  });
}
