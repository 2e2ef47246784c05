/** `standard` for most goods, `reduced` for what a country favours (food, books), `zero` for what bears no tax. */
export type TaxClass = 'standard' | 'reduced' | 'zero';

export interface TaxRule {
  /** True: prices contain the tax. False: the tax is added to them. */
  isInclusive: boolean;
  /** Basis points: 1900 is 19 %. */
  standard: number;
  reduced: number;
  /** Basis points on the delivery. */
  shipping: number;
}

/**
 * Standard and (first, where there are several) reduced VAT rate in percent, as of August 2025.
 * EU: European Commission, Taxes in Europe Database (TEDB). GB: gov.uk, VAT rates. CH, LI: Federal Tax Administration, rates since
 * 2024-01-01. NO: Skatteetaten, Merverdiavgift.
 */
const inclusiveRates: Record<string, [standard: number, reduced: number]> = {
  AT: [20, 10],
  BE: [21, 6],
  BG: [20, 9],
  CH: [8.1, 2.6],
  CY: [19, 5],
  CZ: [21, 12],
  DE: [19, 7],
  DK: [25, 25],
  EE: [24, 9],
  ES: [21, 10],
  FI: [25.5, 14],
  FR: [20, 5.5],
  GB: [20, 5],
  GR: [24, 13],
  HR: [25, 13],
  HU: [27, 5],
  IE: [23, 13.5],
  IT: [22, 10],
  LI: [8.1, 2.6],
  LT: [21, 9],
  LU: [17, 8],
  LV: [21, 12],
  MT: [18, 5],
  NL: [21, 9],
  NO: [25, 15],
  PL: [23, 8],
  PT: [23, 6],
  RO: [21, 11],
  SE: [25, 12],
  SI: [22, 9.5],
  SK: [23, 5],
};

/**
 * Prices without tax. US: sales tax is a matter of the states and due only where a seller has nexus; this shop has none, so it
 * collects none. CA: the federal GST of 5 % (Canada Revenue Agency), basic groceries zero-rated; provincial taxes likewise need nexus.
 */
const exclusiveRates = {
  US: { standard: 0, reduced: 0, shipping: 0 },
  CA: { standard: 500, reduced: 0, shipping: 500 },
} satisfies Record<string, Omit<TaxRule, 'isInclusive'>>;

const rules = new Map<string, TaxRule>([
  ...Object.entries(inclusiveRates).map(([country, [standard, reduced]]): [string, TaxRule] => [
    country,
    { isInclusive: true, standard: basisPoints(standard), reduced: basisPoints(reduced), shipping: basisPoints(standard) },
  ]),
  ...Object.entries(exclusiveRates).map(([country, rates]): [string, TaxRule] => [country, { isInclusive: false, ...rates }]),
]);

/** How goods delivered to a country (ISO 3166-1 alpha-2) are taxed; null where the shop does not deliver. */
export function taxRuleOf(country: string): TaxRule | null {
  return rules.get(country) ?? null;
}

/** The rate of a class of goods, in basis points. */
export function rateOf(rule: TaxRule, taxClass: TaxClass): number {
  switch (taxClass) {
    case 'standard':
      return rule.standard;
    case 'reduced':
      return rule.reduced;
    case 'zero':
      return 0;
    default:
      return taxClass satisfies never;
  }
}

/** Where the shop delivers. */
export const servedCountries: readonly string[] = [...rules.keys()].toSorted();

function basisPoints(percent: number): number {
  return Math.round(percent * 100);
}
