import { userRegistered } from '@shop/events/users';
import { newId } from '@shop/platform/ids';
import { networkOf } from '@shop/platform/network-address';
import type { RequestContext } from '@shop/platform/request-context';
import { neededLine } from '@shop/platform/one-line';
import { isUniqueViolation } from '@shop/platform/sql-errors';
import type { ValidationError } from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { z } from 'zod';
import type { UsersServices } from './context.js';
import { normaliseEmail } from './email.js';
import { PASSWORD_LENGTH } from './password.js';
import { FIRST_ROLES } from './roles.js';
import { openSession, type OpenedSession } from './session.store.js';
import { claimBudget } from './throttle.store.js';
import { User } from './user.entity.js';

const registration = z.object({
  email: z.string().transform(normaliseEmail).pipe(z.string().min(3).max(254)),
  password: z.string().min(PASSWORD_LENGTH.min).max(PASSWORD_LENGTH.max),
  displayName: neededLine(100),
  locale: z
    .string()
    .max(35)
    .nullish()
    .transform((locale) => locale ?? 'en'),
});

type Registration = z.output<typeof registration>;

export type Registered =
  | { kind: 'registered'; user: User; session: OpenedSession }
  | { kind: 'email-taken' }
  | { kind: 'invalid'; error: ValidationError }
  | { kind: 'rate-limited'; retryAfterSeconds: number };

/** Makes an account and opens its first session. Of several registrations of one address at once exactly one succeeds. */
export async function registerUser(services: UsersServices, input: unknown, request: RequestContext): Promise<Registered> {
  const { db, clock, limits, passwords } = services;
  const budget = await claimBudget(db, `register ${networkOf(request.clientAddress)}`, limits.registerPerAddressPerMinute, clock.now());
  if (budget.kind === 'wait') return { kind: 'rate-limited', retryAfterSeconds: budget.retryAfterSeconds };
  const checked = validate(registration, input);
  if (checked.kind === 'invalid') return checked;
  const { value } = checked;
  if ((await db.em().count(User, { email: value.email })) > 0) return { kind: 'email-taken' };
  return await insertUser(services, value, await passwords.hash(value.password), request);
}

async function insertUser(
  { db, clock }: UsersServices,
  { email, displayName, locale }: Registration,
  passwordHash: string,
  { traceparent }: RequestContext,
): Promise<Registered> {
  const now = clock.now();
  try {
    return await db.transaction(async (tx) => {
      const user = tx.em.create(User, { id: newId(), email, displayName, locale, roles: [...FIRST_ROLES], passwordHash, createdAt: now });
      await tx.em.persist(user).flush();
      tx.emit(userRegistered, { aggregateId: user.id, traceparent }, { userId: user.id, email, displayName, locale });
      return { kind: 'registered', user, session: await openSession(tx, user.id, now) };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'email-taken' };
    throw error;
  }
}
