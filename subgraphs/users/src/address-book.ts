import type { Transaction } from '@shop/platform/database';
import { isUuid, newId } from '@shop/platform/ids';
import { optionalLine } from '@shop/platform/one-line';
import { postalAddressRule } from '@shop/platform/postal-address';
import { validationError, type ValidationError } from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { z } from 'zod';
import { AddressBookEntry } from './address-book-entry.entity.js';
import type { UsersServices } from './context.js';
import { lockUser } from './session.store.js';

const MAX_ENTRIES = 50;

const newEntry = z.object({
  label: optionalLine(50),
  address: postalAddressRule,
  defaultShipping: z.boolean().nullish(),
  defaultBilling: z.boolean().nullish(),
});

export type AddressAdded =
  | { kind: 'added'; entry: AddressBookEntry }
  | { kind: 'invalid'; error: ValidationError }
  | { kind: 'no-such-user' };

/** Adds an entry to a person's address book. A new default takes the place of the old one. */
export async function addAddress({ db, clock }: UsersServices, userId: string, input: unknown): Promise<AddressAdded> {
  const checked = validate(newEntry, input);
  if (checked.kind === 'invalid') return checked;
  const { label, address, defaultShipping, defaultBilling } = checked.value;
  const isDefaultShipping = defaultShipping ?? false;
  const isDefaultBilling = defaultBilling ?? false;
  if (!isUuid(userId)) return { kind: 'no-such-user' };
  return await db.transaction(async (tx) => {
    if (!(await lockUser(tx, userId))) return { kind: 'no-such-user' };
    if ((await tx.em.count(AddressBookEntry, { userId })) >= MAX_ENTRIES) return bookIsFull();
    await withdrawDefaults(tx, userId, isDefaultShipping, isDefaultBilling);
    const entry = { id: newId(), userId, label, address, isDefaultShipping, isDefaultBilling, createdAt: clock.now() };
    return { kind: 'added', entry: tx.em.create(AddressBookEntry, entry, { persist: true }) };
  });
}

function bookIsFull(): AddressAdded {
  return { kind: 'invalid', error: validationError([{ path: ['address'], message: `At most ${MAX_ENTRIES} addresses.` }]) };
}

async function withdrawDefaults(tx: Transaction, userId: string, shipping: boolean, billing: boolean): Promise<void> {
  if (!shipping && !billing) return;
  await tx.run(
    `update address_book_entry set is_default_shipping = is_default_shipping and not $2::boolean,
                                   is_default_billing = is_default_billing and not $3::boolean
     where user_id = $1 and (is_default_shipping or is_default_billing)`,
    [userId, shipping, billing],
  );
}
