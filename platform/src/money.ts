/** An amount in the minor unit of an ISO 4217 currency: EUR 12.34 is 1234, JPY 500 is 500, KWD 1.234 is 1234. */
export interface Amount {
  amountMinor: number;
  currency: string;
}

const exponents = new Map<string, number>([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map(
    (c) => [c, 0] as const,
  ),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((c) => [c, 3] as const),
]);

/** Digits after the decimal point of a currency (ISO 4217, column "minor unit"); 2 for every currency not listed. */
export function minorUnitDigits(currency: string): number {
  return exponents.get(currency) ?? 2;
}

/** Throws RangeError for anything but a whole number of minor units that a double holds exactly. */
export function amount(amountMinor: number, currency: string): Amount {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`Not a whole number of minor units: ${amountMinor}`);
  return { amountMinor, currency };
}

/** Nothing, in that currency. */
export function zero(currency: string): Amount {
  return { amountMinor: 0, currency };
}

/** Throws RangeError when the currencies differ: amounts of two currencies have no sum. */
export function add(a: Amount, b: Amount): Amount {
  return amount(a.amountMinor + sameCurrency(a, b).amountMinor, a.currency);
}

/** Zero of `currency` for no amounts. Throws RangeError when one has another currency. */
export function sum(amounts: readonly Amount[], currency: string): Amount {
  return amounts.reduce(add, zero(currency));
}

/** Throws RangeError when the result is no whole number of minor units. */
export function times(a: Amount, quantity: number): Amount {
  return amount(a.amountMinor * quantity, a.currency);
}

/**
 * `basisPoints` hundredths of a percent of an amount, half a minor unit rounded away from zero. The one rounding rule of the shop:
 * rounded once per line and rate, never on a sum of unrounded parts.
 */
export function share(a: Amount, basisPoints: number): Amount {
  return amount(roundHalfAwayFromZero(a.amountMinor * basisPoints, 10_000), a.currency);
}

/** The tax contained in a gross amount at a rate in basis points: gross * rate / (1 + rate), rounded as `share` does. */
export function includedShare(gross: Amount, basisPoints: number): Amount {
  return amount(roundHalfAwayFromZero(gross.amountMinor * basisPoints, 10_000 + basisPoints), gross.currency);
}

/** The same amount in the same currency; never by conversion. */
export function equalAmounts(a: Amount, b: Amount): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency;
}

/** For people, e.g. €12.34. An unknown locale falls back to English. */
export function formatAmount(a: Amount, locale: string): string {
  const digits = minorUnitDigits(a.currency);
  const options = { style: 'currency', currency: a.currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return formatter(locale, a.currency, options).format(a.amountMinor / 10 ** digits);
}

/** A decimal text ("12.34") as minor units; null when it is no amount of that currency. */
export function parseDecimal(text: string, currency: string): Amount | null {
  const match = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const digits = minorUnitDigits(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return null;
  const minor = Number(`${match[2]}${fraction.padEnd(digits, '0')}`);
  return Number.isSafeInteger(minor) ? { amountMinor: match[1] ? -minor : minor, currency } : null;
}

function sameCurrency(a: Amount, b: Amount): Amount {
  if (a.currency !== b.currency) throw new RangeError(`Amounts of two currencies: ${a.currency} and ${b.currency}`);
  return b;
}

function roundHalfAwayFromZero(numerator: number, denominator: number): number {
  const [n, d] = [BigInt(numerator), BigInt(denominator)];
  const magnitude = ((n < 0n ? -n : n) * 2n + d) / (2n * d);
  return Number(n < 0n ? -magnitude : magnitude);
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: string, currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(safeLocale(locale), options);
  if (formatters.size < 500) formatters.set(key, made);
  return made;
}

function safeLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
