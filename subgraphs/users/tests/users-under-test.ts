import { manualClock } from '@shop/platform/clock';
import type { EventEnvelope } from '@shop/platform/event';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { as, dataOf, quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { startUsers, type UsersConfig } from '@shop/users';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { openUsersDatabase } from '../src/users-database.js';

export const PASSWORD = 'a-password-for-tests';

const outcomeSchema = z.looseObject({
  __typename: z.string(),
  accessToken: z.string().default(''),
  refreshToken: z.string().default(''),
  retryAfterSeconds: z.number().optional(),
  user: z.looseObject({ id: z.string() }).optional(),
});

export type Outcome = z.infer<typeof outcomeSchema>;

const session = `__typename
  ... on AuthSession { accessToken accessTokenExpiresAt refreshToken user { id email displayName locale createdAt roles addresses { id } } }
  ... on UserError { code message }`;
const limited = '... on RateLimitedError { retryAfterSeconds }';
const invalid = '... on ValidationError { fields { path } }';

/** A users subgraph with a clock that stands still, ample budgets, and what a client does with it. */
export async function startUsersUnderTest(config: Partial<UsersConfig> = {}) {
  const database = config.databaseUrl ? null : await createTestDatabase();
  const bus = inProcessBus({ logger: quietLogger });
  const clock = manualClock(new Date('2026-03-01T12:00:00Z'));
  const url = config.databaseUrl ?? database?.url ?? '';
  const limits = { signInPerAddressPerMinute: 100_000, registerPerAddressPerMinute: 100_000 };
  const users = await startUsers(
    { envelopeSecrets: [TEST_SECRET], ...limits, ...config, databaseUrl: url },
    { bus, logger: quietLogger, clock },
  );
  const events: EventEnvelope[] = [];
  bus.listen(['users.user-registered.v1', 'users.session-revoked.v1', 'users.api-client-changed.v1'], (event) => void events.push(event));

  const ask = async (query: string, variables: Record<string, unknown>, name: string, clientAddress = '203.0.113.7'): Promise<Outcome> => {
    const data = await dataOf(as(users, anonymous, { clientAddress })(query, variables));
    return outcomeSchema.parse(data[name]);
  };
  return {
    users,
    url,
    clock,
    register: (email: string, { password = PASSWORD, from }: { password?: string; from?: string } = {}) =>
      ask(
        `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { ${session} ${limited} ${invalid} } }`,
        { input: { email, password, displayName: 'Ada Lovelace' } },
        'registerUser',
        from,
      ),
    signIn: (email: string, { password = PASSWORD, from }: { password?: string; from?: string } = {}) =>
      ask(
        `mutation ($email: EmailAddress!, $password: String!) { signIn(email: $email, password: $password) { ${session} ${limited} } }`,
        { email, password },
        'signIn',
        from,
      ),
    refresh: (refreshToken: string) =>
      ask(
        `mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { ${session} } }`,
        { refreshToken },
        'refreshSession',
      ),
    /** The events of this type so far. */
    emitted: async (type: string): Promise<EventEnvelope[]> => {
      await users.settle();
      return events.filter((event) => event.type === type);
    },
    [Symbol.asyncDispose]: async () => {
      await users[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
    },
  };
}

const claims = z.object({ sub: z.string(), sid: z.string(), roles: z.array(z.string()), scopes: z.array(z.string()) });

/** The rows of one statement, asked behind the subgraph's back. */
export async function rowsOf(url: string, statement: string, parameters: string[] = []): Promise<unknown[]> {
  await using db = await openUsersDatabase(url);
  return await db.rows(z.unknown(), statement, parameters);
}

/** Who the gateway would say holds this access token. */
export function viewerOf({ accessToken }: Outcome): Viewer & { kind: 'user' } {
  const { sub, sid, roles, scopes } = claims.parse(decodeJwt(accessToken));
  return { kind: 'user', userId: sub, sessionId: sid, roles, scopes };
}
