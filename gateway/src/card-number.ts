import { GraphQLError, type DocumentNode } from 'graphql';
import { passesLuhn } from '@shop/platform/luhn';
import { findText, literalFinder } from './texts.js';

const runOfDigits = /(?<!\d)\d{13,19}(?!\d)/g;
const groupsOfDigits = /(?<![\w-])\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}(?![\w-])|(?<![\w-])\d{4}[ -]\d{6}[ -]\d{4,5}(?![\w-])/g;

/**
 * True when a text holds what could be a card number: 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1, annex B), in one run or
 * grouped as on a card. Ids never match: the digit runs of a UUID are shorter.
 */
export function holdsCardNumber(text: string): boolean {
  const candidates = [...(text.match(runOfDigits) ?? []), ...(text.match(groupsOfDigits) ?? [])];
  return candidates.some((candidate) => passesLuhn(candidate.replace(/[ -]/g, '')));
}

const cardNumberLiteral = literalFinder(holdsCardNumber);

/** The refusal for an operation whose variables or literals hold a card number; null when there is none. */
export function refuseCardNumbers(document: DocumentNode, variables: unknown): GraphQLError | null {
  if (findText(variables, holdsCardNumber) === null && !cardNumberLiteral(document)) return null;
  return new GraphQLError('This looks like a card number. Card numbers are never sent here: send a token of the payment provider.', {
    extensions: { code: 'CARD_NUMBER_REFUSED', http: { status: 400 } },
  });
}
