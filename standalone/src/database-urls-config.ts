import { z } from 'zod';
import type { SubgraphWithDatabase } from './shop-databases.js';

const databaseUrl = z.url({ error: 'an address of a database' });

/** Of a program that works on the databases of several subgraphs; a database may be of any kind. */
export const databaseUrlVariables = {
  USERS_DATABASE_URL: databaseUrl,
  CATALOG_DATABASE_URL: databaseUrl,
  CART_DATABASE_URL: databaseUrl,
  ORDERS_DATABASE_URL: databaseUrl,
  PAYMENTS_DATABASE_URL: databaseUrl,
  INVENTORY_DATABASE_URL: databaseUrl,
  NOTIFICATIONS_DATABASE_URL: databaseUrl,
};

/** The variable that names a subgraph's database. */
export const databaseUrlVariableOf = {
  users: 'USERS_DATABASE_URL',
  catalog: 'CATALOG_DATABASE_URL',
  cart: 'CART_DATABASE_URL',
  orders: 'ORDERS_DATABASE_URL',
  payments: 'PAYMENTS_DATABASE_URL',
  inventory: 'INVENTORY_DATABASE_URL',
  notifications: 'NOTIFICATIONS_DATABASE_URL',
} as const satisfies Record<SubgraphWithDatabase, keyof typeof databaseUrlVariables>;
