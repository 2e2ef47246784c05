import type { SeedUser } from '@shop/users/seed';

/** Demo data only: nobody is made with it outside of sample data. */
export const DEMO_PASSWORD = 'demo-shop-password';

export interface DemoSignIn {
  email: 'customer@shop.example' | 'staff@shop.example' | 'admin@shop.example';
  role: 'customer' | 'staff' | 'admin';
  displayName: string;
}

/** The sign-ins that are printed at the start. */
export const demoSignIns: readonly DemoSignIn[] = [
  { email: 'customer@shop.example', role: 'customer', displayName: 'Clara Customer' },
  { email: 'staff@shop.example', role: 'staff', displayName: 'Stefan Staff' },
  { email: 'admin@shop.example', role: 'admin', displayName: 'Ada Admin' },
];

const rolesOf: Record<DemoSignIn['role'], SeedUser['roles']> = {
  customer: ['customer'],
  staff: ['customer', 'staff-catalog', 'staff-orders', 'staff-stock'],
  admin: ['customer', 'admin'],
};

/** The demo sign-ins as accounts; Clara has an address to order to. */
export function demoPeople(createdAt: Date): SeedUser[] {
  return demoSignIns.map(({ email, role, displayName }, index) => ({
    id: `00000000-0000-7000-8000-00000000000${index + 1}`,
    email,
    displayName,
    locale: 'en',
    roles: rolesOf[role],
    password: DEMO_PASSWORD,
    createdAt,
    addresses:
      role === 'customer'
        ? [
            {
              id: '00000000-0000-7000-8000-0000000000a1',
              label: 'Home',
              address: demoAddress(displayName),
              isDefaultShipping: true,
              isDefaultBilling: true,
            },
          ]
        : [],
  }));
}

function demoAddress(fullName: string): SeedUser['addresses'][number]['address'] {
  return {
    fullName,
    company: null,
    line1: 'Lindenstraße 12',
    line2: null,
    city: 'Berlin',
    region: null,
    postalCode: '10969',
    country: 'DE',
    phone: null,
  };
}
