import { badUserInput } from '@shop/platform/graphql-errors';

/** Longer than any name; every further word costs a walk through the vocabulary. */
const MAX_TEXT_LENGTH = 200;

/** The text as typed; throws BAD_USER_INPUT when it has more than 200 characters. `argument` is for the message. */
export function checkedText(argument: string, text: string): string {
  if (text.length > MAX_TEXT_LENGTH) throw badUserInput(`${argument} must have at most ${MAX_TEXT_LENGTH} characters.`);
  return text;
}
