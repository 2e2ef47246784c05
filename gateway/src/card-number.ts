import { GraphQLError, type DocumentNode } from 'graphql';
import { passesLuhn } from '@shop/platform/luhn';
import { findText, literalFinder } from './texts.js';

const runOfDigits = /(?<!\d)\d{14,19}(?!\d)/g;
const groupsOfDigits = /(?<![\w-])\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}(?![\w-])|(?<![\w-])\d{4}[ -]\d{6}[ -]\d{4,5}(?![\w-])/g;

/** What the networks give out: first digits, and how many there are (ISO/IEC 7812-1 alone would take one of ten long numbers for a card). */
const issued = new RegExp(
  [
    String.raw`4\d{15}(?:\d{3})?`, // Visa; its cards of 13 digits are history, but articles and telephones have as many
    String.raw`(?:5[1-5]|2[2-7])\d{14}`, // Mastercard, Mir
    String.raw`3[47]\d{13}`, // American Express
    String.raw`3(?:0[0-5]|[689]\d)\d{11,16}`, // Diners Club
    String.raw`35\d{14,17}`, // JCB
    String.raw`(?:5[06-8]|6\d)\d{12,17}`, // Maestro, Discover, UnionPay, RuPay
    String.raw`8[12]\d{14,17}|9792\d{12}`, // UnionPay, RuPay, Troy
  ]
    .map((network) => `^(?:${network})$`)
    .join('|'),
);

/**
 * True when a text holds what could be a card number: digits as the card networks give them out that pass the Luhn check (ISO/IEC 7812-1,
 * annex B), in one run or grouped as on a card. Ids never match: the digit runs of a UUID are shorter. Nor do times in milliseconds, GTINs
 * or telephone numbers, of which people make keys, SKUs and addresses.
 */
export function holdsCardNumber(text: string): boolean {
  const candidates = [...(text.match(runOfDigits) ?? []), ...(text.match(groupsOfDigits) ?? [])];
  return candidates.some((candidate) => {
    const digits = candidate.replace(/[ -]/g, '');
    return issued.test(digits) && passesLuhn(digits);
  });
}

const cardNumberLiteral = literalFinder(holdsCardNumber);

/** The refusal for an operation whose variables or literals hold a card number; null when there is none. */
export function refuseCardNumbers(document: DocumentNode, variables: unknown): GraphQLError | null {
  if (findText(variables, holdsCardNumber) === null && !cardNumberLiteral(document)) return null;
  return new GraphQLError('This looks like a card number. Card numbers are never sent here: send a token of the payment provider.', {
    extensions: { code: 'CARD_NUMBER_REFUSED', http: { status: 400 } },
  });
}
