import { openDatabase, type Database } from '@shop/platform/database';
import { AddressBookEntry } from './address-book-entry.entity.js';
import { ApiClient } from './api-client.entity.js';
import { AddApiClients } from './migrations/add-api-clients.js';
import { CreateUsers } from './migrations/create-users.js';
import { User } from './user.entity.js';

/** `poolSize` is how many connections at most; default 8. */
export function openUsersDatabase(url: string, poolSize = 8): Promise<Database> {
  return openDatabase({ url, poolSize, entities: [User, AddressBookEntry, ApiClient], migrations: [CreateUsers, AddApiClients] });
}
