import type { EventBus } from '@shop/platform/event-bus';
import { z } from 'zod';

/** Events of the users subgraph, as far as the gateway reads them; a test compares them with the owner's contracts. */
export const newsOfUsers = {
  sessionRevoked: { type: 'users.session-revoked.v1', data: z.object({ sessionId: z.string() }) },
  apiClientChanged: { type: 'users.api-client-changed.v1', data: z.object({ clientId: z.string() }) },
} as const;

/** What `startGateway` hears from users over the bus, each at most once: who is to be forgotten. */
export function hearUsers(bus: EventBus) {
  const { sessionRevoked, apiClientChanged } = newsOfUsers;
  return {
    sessionRevocations: (hear: (sessionId: string) => void): Disposable =>
      bus.listen([sessionRevoked.type], ({ data }) => {
        const revoked = sessionRevoked.data.safeParse(data);
        if (revoked.success) hear(revoked.data.sessionId);
      }),
    apiClientChanges: (hear: (clientId: string) => void): Disposable =>
      bus.listen([apiClientChanged.type], ({ data }) => {
        const changed = apiClientChanged.data.safeParse(data);
        if (changed.success) hear(changed.data.clientId);
      }),
  };
}
