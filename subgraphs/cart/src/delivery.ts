import { amount, share, zero, type Amount } from '@shop/platform/money';
import { taxRuleOf } from './tax.js';

export interface DeliveryOffer {
  code: string;
  name: string;
  price: Amount;
  /** Working days from the confirmation. */
  estimatedDays: number;
}

export interface Parcel {
  /** ISO 3166-1 alpha-2. */
  country: string;
  weightGrams: number;
  subtotal: Amount;
}

type Zone = 'home' | 'union' | 'europe' | 'overseas';

interface Tariff {
  code: string;
  name: string;
  maxGrams: number;
  zones: Partial<Record<Zone, Rate>>;
}

interface Rate {
  /** EUR cents for the first kilogram. */
  base: number;
  /** EUR cents for every further kilogram that was begun. */
  perKilogram: number;
  estimatedDays: number;
  /** EUR cents of goods from which on it is free. */
  freeFrom?: number;
}

const tariffs: readonly Tariff[] = [
  {
    code: 'standard',
    name: 'Standard delivery',
    maxGrams: 31_500,
    zones: {
      home: { base: 490, perKilogram: 30, estimatedDays: 2, freeFrom: 5_000 },
      union: { base: 990, perKilogram: 80, estimatedDays: 4, freeFrom: 10_000 },
      europe: { base: 1_490, perKilogram: 120, estimatedDays: 6 },
      overseas: { base: 2_490, perKilogram: 600, estimatedDays: 10 },
    },
  },
  {
    code: 'express',
    name: 'Express delivery',
    maxGrams: 31_500,
    zones: {
      home: { base: 1_290, perKilogram: 60, estimatedDays: 1 },
      union: { base: 2_490, perKilogram: 150, estimatedDays: 2 },
      europe: { base: 3_490, perKilogram: 250, estimatedDays: 3 },
      overseas: { base: 5_990, perKilogram: 1_200, estimatedDays: 4 },
    },
  },
  {
    code: 'pickup',
    name: 'Pick up at a parcel shop',
    maxGrams: 15_000,
    zones: { home: { base: 290, perKilogram: 0, estimatedDays: 3, freeFrom: 2_500 } },
  },
  {
    code: 'freight',
    name: 'Delivery by a haulier',
    maxGrams: Infinity,
    zones: {
      home: { base: 3_900, perKilogram: 40, estimatedDays: 5 },
      union: { base: 7_900, perKilogram: 70, estimatedDays: 8 },
      europe: { base: 11_900, perKilogram: 110, estimatedDays: 12 },
      overseas: { base: 39_000, perKilogram: 900, estimatedDays: 30 },
    },
  },
];

/** What the haulier is for: a parcel that no other tariff takes. */
const FREIGHT = 'freight';

const HOME = 'DE';
const outsideTheUnion = new Set(['CH', 'GB', 'LI', 'NO']);
const overseas = new Set(['CA', 'US']);

/**
 * The price list in other currencies: how many minor units stand for 10,000 EUR cents. Fixed list prices, no exchange rates; a currency
 * that is not listed has the same figures as EUR.
 */
const listFactors: Record<string, number> = {
  CAD: 15_000,
  CHF: 9_500,
  GBP: 8_500,
  JPY: 16_000,
  KWD: 33_000,
  NOK: 115_000,
  SEK: 112_000,
  USD: 11_000,
};

/** What can be chosen for a parcel, in the order in which it is shown; nothing for a country that is not served. */
export function deliveryOffers(parcel: Parcel): DeliveryOffer[] {
  const zone = zoneOf(parcel.country);
  if (!zone) return [];
  const fitting = tariffs.filter(({ maxGrams, zones }) => zones[zone] && parcel.weightGrams <= maxGrams);
  const chosen = fitting.some(({ code }) => code !== FREIGHT) ? fitting.filter(({ code }) => code !== FREIGHT) : fitting;
  return chosen.flatMap(({ code, name, zones }) => {
    const rate = zones[zone];
    return rate ? [{ code, name, price: priceOf(rate, parcel), estimatedDays: rate.estimatedDays }] : [];
  });
}

function priceOf({ base, perKilogram, freeFrom }: Rate, { weightGrams, subtotal }: Parcel): Amount {
  const { currency } = subtotal;
  if (freeFrom !== undefined && subtotal.amountMinor >= listed(freeFrom, currency).amountMinor) return zero(currency);
  return listed(base + perKilogram * Math.max(0, Math.ceil(weightGrams / 1_000) - 1), currency);
}

function listed(euroCents: number, currency: string): Amount {
  return share(amount(euroCents, currency), listFactors[currency] ?? 10_000);
}

function zoneOf(country: string): Zone | null {
  if (!taxRuleOf(country)) return null;
  if (country === HOME) return 'home';
  if (overseas.has(country)) return 'overseas';
  return outsideTheUnion.has(country) ? 'europe' : 'union';
}
