import { apiClientChanged } from '@shop/events/users';
import type { EventBus } from '@shop/platform/event-bus';

/** Calls `hear` with the id of every API client whose keys are not what they were, at most once, until disposed. For who remembers keys. */
export function apiClientChanges(bus: EventBus, hear: (clientId: string) => void): Disposable {
  return bus.listen([apiClientChanged.type], ({ data }) => {
    const changed = apiClientChanged.data.safeParse(data);
    if (changed.success) hear(changed.data.clientId);
  });
}
