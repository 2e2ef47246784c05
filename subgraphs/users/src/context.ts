import type { Clock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import type { RequestContext } from '@shop/platform/request-context';
import type { AccessTokens } from './access-token.js';
import type { Passwords } from './password.js';

/** What the operations of this subgraph stand on. */
export interface UsersServices {
  db: Database;
  clock: Clock;
  passwords: Passwords;
  accessTokens: AccessTokens;
  limits: Limits;
  /** Runs the sign-ins of one account one after another. */
  inLine: <T>(account: string, work: () => Promise<T>) => Promise<T>;
}

export interface Limits {
  signInPerAddressPerMinute: number;
  registerPerAddressPerMinute: number;
}

export interface UsersContext extends RequestContext, UsersServices {}
