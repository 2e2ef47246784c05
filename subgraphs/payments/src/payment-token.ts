import { passesLuhn } from '@shop/platform/luhn';

/** What a payment token may be: `card-number` is refused and must be neither stored nor logged. */
export type TokenVerdict = 'usable' | 'card-number' | 'malformed';

/** A token is an opaque name that the provider gave: letters, digits, `_` and `-`, at most 255. */
export function checkPaymentToken(token: string): TokenVerdict {
  if (holdsCardNumber(token)) return 'card-number';
  return /^[A-Za-z0-9_-]{1,255}$/.test(token) ? 'usable' : 'malformed';
}

/** 13 to 19 digits, also with single spaces or dashes between them, that pass the Luhn check (ISO/IEC 7812-1 annex B). */
export function holdsCardNumber(text: string): boolean {
  return [...text.matchAll(/\d(?:[ -]?\d)*/g)].some(([run]) => {
    const digits = run.replaceAll(/\D/g, '');
    return digits.length >= 13 && digits.length <= 19 && passesLuhn(digits);
  });
}
