import { GraphQLError, visit, type DocumentNode } from 'graphql';
import { passesLuhn } from '@shop/platform/luhn';

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

/** The refusal for an operation whose variables or literals hold a card number; null when there is none. */
export function refuseCardNumbers(document: DocumentNode, variables: unknown): GraphQLError | null {
  if (!anyString(variables, holdsCardNumber) && !anyLiteral(document)) return null;
  return new GraphQLError('This looks like a card number. Card numbers are never sent here: send a token of the payment provider.', {
    extensions: { code: 'CARD_NUMBER_REFUSED', http: { status: 400 } },
  });
}

function anyString(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === 'string') return test(value);
  if (Array.isArray(value)) return value.some((entry) => anyString(entry, test));
  return typeof value === 'object' && value !== null && Object.entries(value).some(([key, entry]) => test(key) || anyString(entry, test));
}

const withLiterals = new WeakMap<DocumentNode, boolean>();

function anyLiteral(document: DocumentNode): boolean {
  const known = withLiterals.get(document);
  if (known !== undefined) return known;
  let found = false;
  visit(document, { StringValue: (node) => void (found ||= holdsCardNumber(node.value)) });
  withLiterals.set(document, found);
  return found;
}
