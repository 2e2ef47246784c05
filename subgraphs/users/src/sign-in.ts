import { networkOf } from '@shop/platform/network-address';
import type { RequestContext } from '@shop/platform/request-context';
import type { UsersServices } from './context.js';
import { normaliseEmail } from './email.js';
import { needsRehash } from './password.js';
import { openSession, type OpenedSession } from './session.store.js';
import { claimAttempt, claimBudget, forgetFailures } from './throttle.store.js';
import { User } from './user.entity.js';

export type SignIn =
  | { kind: 'signed-in'; user: User; session: OpenedSession }
  /** Also when there is no such account; it takes as long. */
  | { kind: 'invalid-credentials' }
  | { kind: 'rate-limited'; retryAfterSeconds: number };

/**
 * Opens a session for whoever knows the password. Each attempt counts on the budget of the network address and of the account; a success
 * gives the account's back. Attempts on one account run one after another, so that rightful ones made at once do not use up its budget.
 */
export async function signIn(
  services: UsersServices,
  { email, password }: { email: string; password: string },
  { clientAddress, signal }: RequestContext,
): Promise<SignIn> {
  const { db, clock, limits, inLine } = services;
  const budget = await claimBudget(db, `sign-in ${networkOf(clientAddress)}`, limits.signInPerAddressPerMinute, clock.now());
  if (budget.kind === 'wait') return rateLimited(budget.retryAfterSeconds);
  const account = normaliseEmail(email);
  return await inLine(account, () => {
    signal.throwIfAborted();
    return attempt(services, account, password);
  });
}

async function attempt(services: UsersServices, email: string, password: string): Promise<SignIn> {
  const { db, clock, passwords } = services;
  const admission = await claimAttempt(db, email, clock.now());
  if (admission.kind === 'wait') return rateLimited(admission.retryAfterSeconds);
  const user = await db.em().findOne(User, { email });
  const isRight = await passwords.verify(password, user?.passwordHash ?? null);
  if (user === null || !isRight) return { kind: 'invalid-credentials' };
  const freshHash = needsRehash(user.passwordHash) ? await passwords.hash(password) : null;
  const session = await db.transaction(async (tx) => {
    await forgetFailures(tx, email);
    if (freshHash !== null)
      await tx.run(`update users set password_hash = $1 where id = $2 and password_hash = $3`, [freshHash, user.id, user.passwordHash]);
    return await openSession(tx, user.id, clock.now());
  });
  return { kind: 'signed-in', user, session };
}

function rateLimited(retryAfterSeconds: number): SignIn {
  return { kind: 'rate-limited', retryAfterSeconds };
}
