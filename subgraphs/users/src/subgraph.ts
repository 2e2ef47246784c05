import { systemClock, type Clock } from '@shop/platform/clock';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema } from '@shop/platform/federated-schema';
import type { Logger } from '@shop/platform/logger';
import { runSubgraph, type RunningSubgraph } from '@shop/platform/running-subgraph';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import { createAccessTokens } from './access-token.js';
import { AddressBookResolver } from './address-book.resolver.js';
import { apiClientReference, ApiClientResolver } from './api-client.resolver.js';
import { oneAtATime } from './concurrency.js';
import { DEFAULT_AUDIENCE, DEFAULT_ISSUER, MAX_ACCESS_TOKEN_SECONDS, type UsersConfig } from './config.js';
import type { UsersContext, UsersServices } from './context.js';
import { subscriptions } from './events.js';
import { startHousekeeping } from './housekeeping.js';
import { startPasswords } from './password.js';
import { SessionResolver } from './session.resolver.js';
import { loadSigningKeys } from './signing-key.store.js';
import { openUsersDatabase } from './users-database.js';
import { UserResolver, userReference } from './user.resolver.js';

export { subscriptions as usersSubscriptions } from './events.js';
export { apiClientChanges } from './api-client-changes.js';
export { sessionRevocations } from './session-revocations.js';
export { DEFAULT_AUDIENCE, DEFAULT_ISSUER, type UsersConfig } from './config.js';

export interface UsersParts {
  bus: EventBus;
  logger: Logger;
  /** Default: the system's. */
  clock?: Clock;
}

/** The schema alone, for printing. */
export const usersSchema = () =>
  buildFederatedSchema({
    resolvers: [UserResolver, SessionResolver, AddressBookResolver, ApiClientResolver],
    references: { User: userReference, ApiClient: apiClientReference },
  });

/** Accounts, sessions, address books and partners' API clients. Brings its database up to date and makes its signing key at the first start, then serves. */
export async function startUsers(config: UsersConfig, { bus, logger, clock = systemClock }: UsersParts): Promise<RunningSubgraph> {
  const db = await openStore(config);
  await db.migrate();
  const accessTokens = await createAccessTokens(await loadSigningKeys(db, clock.now()), {
    issuer: config.issuer ?? DEFAULT_ISSUER,
    audience: config.audience ?? DEFAULT_AUDIENCE,
    lifetimeSeconds: config.accessTokenSeconds ?? MAX_ACCESS_TOKEN_SECONDS,
  });
  const services: UsersServices = {
    db,
    clock,
    accessTokens,
    passwords: await startPasswords(),
    inLine: oneAtATime(),
    limits: {
      signInPerAddressPerMinute: config.signInPerAddressPerMinute ?? 30,
      registerPerAddressPerMinute: config.registerPerAddressPerMinute ?? 10,
    },
  };
  const server = await startSubgraphServer<UsersContext>({
    name: 'users',
    schema: usersSchema(),
    envelopeSecrets: config.envelopeSecrets,
    context: (request) => ({ ...request, ...services }),
    ready: db.ping,
    logger,
  });
  server.app.get('/.well-known/jwks.json', async (_, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(accessTokens.keySet),
  );
  return runSubgraph({
    name: 'users',
    server,
    logger,
    db,
    bus,
    subscriptions,
    services,
    pollers: [startHousekeeping(db, clock, logger)],
  });
}

/** Brings the database up to date, under a lock that other processes wait for. May be repeated. */
export async function migrateUsers(config: UsersConfig): Promise<void> {
  await using db = await openStore(config);
  await db.migrate();
}

const openStore = ({ databaseUrl, poolSize }: UsersConfig) => openUsersDatabase(databaseUrl, poolSize);
