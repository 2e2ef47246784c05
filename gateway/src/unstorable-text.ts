import { GraphQLError, type DocumentNode } from 'graphql';
import { findText, literalFinder } from './texts.js';

/** True for what no database keeps: U+0000, which PostgreSQL refuses, and half a surrogate pair, which is no Unicode text at all. */
function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

const unstorableLiteral = literalFinder(isUnstorable);

/** The refusal for an operation with such a text in a variable or a literal, with its place; null when there is none. */
export function refuseUnstorableTexts(document: DocumentNode, variables: unknown): GraphQLError | null {
  const literal = unstorableLiteral(document);
  if (literal) return refused('A literal', literal);
  const place = findText(variables, isUnstorable);
  return place === null ? null : refused(`The variable at "${place}"`);
}

function refused(what: string, node?: NonNullable<ReturnType<typeof unstorableLiteral>>): GraphQLError {
  return new GraphQLError(`${what} holds a character that no text may have: U+0000, or half of a surrogate pair.`, {
    nodes: node ?? null,
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}
