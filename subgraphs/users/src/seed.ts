import { openUsersDatabase } from './users-database.js';
import { normaliseEmail } from './email.js';
import { startPasswords } from './password.js';
import type { Role } from './roles.js';

export interface SeedUser {
  /** UUID. */
  id: string;
  email: string;
  displayName: string;
  locale: string;
  roles: Role[];
  password: string;
  createdAt: Date;
  addresses: SeedAddress[];
}

export interface SeedAddress {
  /** UUID. */
  id: string;
  label: string | null;
  address: {
    fullName: string;
    company: string | null;
    line1: string;
    line2: string | null;
    city: string;
    region: string | null;
    postalCode: string;
    country: string;
    phone: string | null;
  };
  /** At most one of a person's addresses. */
  isDefaultShipping: boolean;
  /** At most one of a person's addresses. */
  isDefaultBilling: boolean;
}

/**
 * Inserts people with their address books into a database that `startUsers` will run on; brings it up to date first. No events. People
 * who are there already, by id or e-mail address, stay as they are, so that it may be repeated. Each distinct password is hashed once.
 */
export async function seedUsers(databaseUrl: string, users: readonly SeedUser[]): Promise<void> {
  await using db = await openUsersDatabase(databaseUrl);
  await db.migrate();
  const hashes = await hashEach(users.map(({ password }) => password));
  const rows = users.map(({ id, email, displayName, locale, roles, createdAt, password }) => ({
    id,
    email: normaliseEmail(email),
    displayName,
    locale,
    roles,
    createdAt,
    passwordHash: hashes.get(password),
  }));
  await db.longTransaction(async (tx) => {
    await tx.run(
      `insert into users (id, email, display_name, locale, roles, password_hash, created_at)
       select id, email, "displayName", locale, roles, "passwordHash", "createdAt"
       from jsonb_to_recordset($1::jsonb) as u (id uuid, email text, "displayName" text, locale text, roles text[],
                                                "passwordHash" text, "createdAt" timestamptz)
       on conflict do nothing`,
      [JSON.stringify(rows)],
    );
    await tx.run(
      `insert into address_book_entry (id, user_id, label, address, is_default_shipping, is_default_billing, created_at)
       select a.id, a."userId", a.label, a.address, a."isDefaultShipping", a."isDefaultBilling", a."createdAt"
       from jsonb_to_recordset($1::jsonb) as a (id uuid, "userId" uuid, label text, address jsonb, "isDefaultShipping" boolean,
                                                "isDefaultBilling" boolean, "createdAt" timestamptz)
       join users on users.id = a."userId"
       on conflict do nothing`,
      [JSON.stringify(users.flatMap((user) => user.addresses.map((entry) => ({ ...entry, userId: user.id, createdAt: user.createdAt }))))],
    );
  });
}

async function hashEach(all: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const passwords = await startPasswords();
  const distinct = [...new Set(all)];
  return new Map(await Promise.all(distinct.map(async (password) => [password, await passwords.hash(password)] as const)));
}
