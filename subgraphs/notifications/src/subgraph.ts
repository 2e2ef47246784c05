import { systemClock, type Clock } from '@shop/platform/clock';
import { openDatabase } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema, type FederatedSchema } from '@shop/platform/federated-schema';
import type { Logger } from '@shop/platform/logger';
import { runSubgraph, type RunningSubgraph } from '@shop/platform/running-subgraph';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import { NotifiedUser } from './borrowed.js';
import { DEFAULT_SENDER, type NotificationsConfig } from './config.js';
import type { NotificationsContext } from './context.js';
import { subscriptions } from './events.js';
import { MAIL_DEADLINE_MS, startMailQueue } from './mail-queue.js';
import { smtpMailer } from './mailer.js';
import { NotificationTables } from './migrations/notification-tables.migration.js';
import { NotificationReceivedResolver } from './notification-received.js';
import { Notification, NotificationDelivery } from './notification.entity.js';
import { notificationReference, NotificationResolver, userReference, UserNotificationsResolver } from './notification.resolver.js';
import type { Notifier } from './notify.js';

export { subscriptions as notificationsSubscriptions } from './events.js';
export type { NotificationsConfig } from './config.js';

export interface NotificationsParts {
  bus: EventBus;
  logger: Logger;
  clock?: Clock;
}

/** Starts the notifications on their own database, which they migrate. Throws when that cannot be reached; the mail server may be away. */
export async function startNotifications(
  config: NotificationsConfig,
  { bus, logger, clock = systemClock }: NotificationsParts,
): Promise<RunningSubgraph> {
  const db = await openStore(config);
  await db.migrate();
  const mailer = smtpMailer({
    smtpUrl: config.smtpUrl,
    sender: config.sender ?? DEFAULT_SENDER,
    connections: config.mailConnections ?? 2,
    timeoutMs: config.smtpTimeoutMs ?? 5_000,
    deadlineMs: MAIL_DEADLINE_MS,
  });
  const mails = startMailQueue({ db, mailer, clock, logger }, config.mailEveryMs ?? 1_000);
  const services: Notifier = { clock, bus, publicUrl: config.publicUrl, wakeMail: mails.wake };
  const server = await startSubgraphServer<NotificationsContext>({
    name: 'notifications',
    schema: notificationsSchema(),
    envelopeSecrets: config.envelopeSecrets,
    context: (request) => ({ ...request, db, bus, clock }),
    ready: () => db.ping(),
    logger,
  });
  return runSubgraph({ name: 'notifications', server, logger, db, bus, subscriptions, services, pollers: [mails] });
}

/** Brings the database up to date, under a lock that other processes wait for. May be repeated. */
export async function migrateNotifications(config: NotificationsConfig): Promise<void> {
  await using db = await openStore(config);
  await db.migrate();
}

const openStore = ({ databaseUrl, poolSize }: NotificationsConfig) =>
  openDatabase({
    url: databaseUrl,
    entities: [Notification, NotificationDelivery],
    migrations: [NotificationTables],
    ...(poolSize && { poolSize }),
  });

/** The schema alone, for printing. */
export function notificationsSchema(): FederatedSchema {
  return buildFederatedSchema({
    resolvers: [NotificationResolver, UserNotificationsResolver, NotificationReceivedResolver],
    orphanedTypes: [NotifiedUser],
    references: { Notification: notificationReference, User: userReference },
  });
}
