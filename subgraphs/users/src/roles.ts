/** What each role may do. `customer` needs no scope: a person's own things are checked by ownership. */
export const SCOPES_OF_ROLE = {
  customer: [],
  'staff-catalog': ['catalog:write', 'catalog:read-all'],
  'staff-orders': ['orders:read', 'orders:write', 'payments:read', 'payments:write', 'users:read'],
  'staff-stock': ['stock:read', 'stock:write'],
  admin: [
    'catalog:write',
    'catalog:read-all',
    'orders:read',
    'orders:write',
    'payments:read',
    'payments:write',
    'stock:read',
    'stock:write',
    'users:read',
    'users:write',
  ],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof SCOPES_OF_ROLE;

/** What a new person may be. */
export const FIRST_ROLES: readonly Role[] = ['customer'];

/** The scopes of all these roles, each once, sorted. A role that no longer exists gives none. */
export function scopesOf(roles: readonly string[]): string[] {
  return [...new Set(roles.filter(isRole).flatMap((role) => [...SCOPES_OF_ROLE[role]]))].toSorted();
}

function isRole(name: string): name is Role {
  return Object.hasOwn(SCOPES_OF_ROLE, name);
}
