import type { SeedUser } from '@shop/users/seed';
import { DEMO_PASSWORD } from './demo-people.js';
import { randomFrom, uuidOf, type Random } from './random.js';

const givenNames = [
  'Anna',
  'Ben',
  'Carla',
  'David',
  'Elif',
  'Felix',
  'Greta',
  'Hannes',
  'Ida',
  'Jonas',
  'Klara',
  'Lukas',
  'Mila',
  'Noah',
  'Olga',
  'Paul',
  'Rosa',
  'Samuel',
  'Tilda',
  'Yusuf',
];
const familyNames = [
  'Bauer',
  'Costa',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Hofmann',
  'Ivanova',
  'Jansen',
  'Keller',
  'Lindgren',
  'Moreau',
  'Novak',
  'Okafor',
  'Peters',
  'Rossi',
  'Schmidt',
  'Tanaka',
  'Vogel',
  'Weber',
];
const streets = ['Lindenweg', 'Hauptstraße', 'Gartenweg', 'Seestraße', 'Mühlgasse', 'Bergstraße'];
const towns = [
  { city: 'Berlin', postalCode: '10115', country: 'DE' },
  { city: 'Hamburg', postalCode: '20095', country: 'DE' },
  { city: 'München', postalCode: '80331', country: 'DE' },
  { city: 'Wien', postalCode: '1010', country: 'AT' },
  { city: 'Lyon', postalCode: '69001', country: 'FR' },
  { city: 'Utrecht', postalCode: '3511', country: 'NL' },
] as const;

/** `count` customers with one address each, the same in every run; all have the demo password. Names are made up. */
export function sampleCustomers(count: number, now: Date): SeedUser[] {
  const random = randomFrom('customers');
  return Array.from({ length: count }, (_, index) => customer(index + 1, random, now));
}

function customer(number: number, random: Random, now: Date): SeedUser {
  const displayName = `${random.pick(givenNames)} ${random.pick(familyNames)}`;
  const town = random.pick(towns);
  return {
    id: uuidOf(`customer ${number}`),
    email: `customer${String(number).padStart(3, '0')}@shop.example`,
    displayName,
    locale: town.country === 'DE' || town.country === 'AT' ? 'de' : 'en',
    roles: ['customer'],
    password: DEMO_PASSWORD,
    createdAt: new Date(now.getTime() - random.between(30, 700) * 86_400_000),
    addresses: [
      {
        id: uuidOf(`address ${number}`),
        label: 'Home',
        address: {
          fullName: displayName,
          company: null,
          line1: `${random.pick(streets)} ${random.between(1, 120)}`,
          line2: null,
          region: null,
          phone: null,
          ...town,
        },
        isDefaultShipping: true,
        isDefaultBilling: true,
      },
    ],
  };
}
