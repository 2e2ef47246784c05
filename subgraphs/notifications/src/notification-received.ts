import { Ctx, Resolver, Root, Subscription } from 'type-graphql';
import { notificationCreated } from '@shop/events/notifications';
import { requireUserId } from '@shop/platform/scopes';
import type { NotificationsContext } from './context.js';
import { Notification } from './notification.entity.js';
import { notificationsOfUser } from './notification.store.js';

@Resolver()
export class NotificationReceivedResolver {
  @Subscription(() => Notification, {
    description: "The signed-in person's notifications as they arrive.",
    subscribe: ({ context }: { context: NotificationsContext }) => follow(requireUserId(context.viewer), context),
  })
  notificationReceived(@Root() notification: Notification, @Ctx() _context: NotificationsContext): Notification {
    return notification;
  }
}

/** More than this many that nobody takes: the oldest are left out of the stream; they stay in the list. */
const MAX_WAITING = 100;

/** Listens from now on, until the request's signal fires. */
function follow(userId: string, { bus, db, signal }: NotificationsContext): AsyncGenerator<Notification, void, void> {
  let waiting: string[] = [];
  let wake = () => {};
  const listening = bus.listen([notificationCreated.type], (event) => {
    const { data } = notificationCreated.data.safeParse(event.data);
    if (data?.userId !== userId) return;
    waiting = [...waiting, data.notificationId].slice(-MAX_WAITING);
    wake();
  });
  const stop = () => {
    listening[Symbol.dispose]();
    wake();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return arrivals();

  async function* arrivals(): AsyncGenerator<Notification, void, void> {
    while (!signal.aborted) {
      const ids = waiting;
      waiting = [];
      if (ids.length > 0) yield* inOrder(ids, await notificationsOfUser(db, userId, ids));
      if (waiting.length === 0) await nextWake();
    }
  }

  function nextWake(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      if (signal.aborted || waiting.length > 0) resolve();
    });
  }
}

function inOrder(ids: readonly string[], found: ReadonlyMap<string, Notification>): Notification[] {
  return ids.flatMap((id) => found.get(id) ?? []);
}
