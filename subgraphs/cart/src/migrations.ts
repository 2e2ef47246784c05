import { CartTables } from './migrations/cart-tables.js';
import { KeepOrderEventsTakenOut } from './migrations/keep-order-events-taken-out.js';

/** In order. */
export const cartMigrations = [CartTables, KeepOrderEventsTakenOut];
