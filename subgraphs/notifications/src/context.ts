import type { Clock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import type { RequestContext } from '@shop/platform/request-context';

export interface NotificationsContext extends RequestContext {
  db: Database;
  bus: EventBus;
  clock: Clock;
}
