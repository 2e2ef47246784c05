import type { FormattedExecutionResult } from 'graphql';
import { z } from 'zod';
import { isRecord } from './is-record.js';

const answerSchema = z.object({
  // Not walked and not copied: what it holds is checked where it is shown.
  data: z.custom<Record<string, unknown>>(isRecord).nullish(),
  errors: z
    .array(z.looseObject({ message: z.string() }))
    .nullish()
    .transform((errors) => errors ?? undefined),
  extensions: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((extensions) => extensions ?? undefined),
});

/** What a subgraph answered, read now unless it looks like data. Throws what `read` throws when the text is no answer. */
export function answerIn(text: string, read = parseGraphQLAnswer): FormattedExecutionResult {
  const looksLikeData = text.startsWith('{"data":{') && text.trimEnd().endsWith('}}');
  return looksLikeData ? new UnreadAnswer(text, read) : read(text);
}

/** An answer that is read when somebody looks into it: not all of it has to be. */
export class UnreadAnswer implements FormattedExecutionResult {
  readonly text: string;
  readonly #read: (text: string) => FormattedExecutionResult;
  #answer: FormattedExecutionResult | undefined;

  /** `read` throws when the text is no answer; so does looking into it then. */
  constructor(text: string, read = parseGraphQLAnswer) {
    this.text = text;
    this.#read = read;
  }

  get data(): FormattedExecutionResult['data'] {
    return this.#whole().data;
  }

  get errors(): FormattedExecutionResult['errors'] {
    return this.#whole().errors;
  }

  get extensions(): FormattedExecutionResult['extensions'] {
    return this.#whole().extensions;
  }

  /** For somebody else, who may change the data of theirs. */
  copy(): UnreadAnswer {
    return new UnreadAnswer(this.text, this.#read);
  }

  #whole(): FormattedExecutionResult {
    return (this.#answer ??= this.#read(this.text));
  }
}

/** Reads what a subgraph answered. Throws when it is no GraphQL response: one that holds no data says in errors why. */
export function parseGraphQLAnswer(text: string): FormattedExecutionResult {
  const answer: unknown = JSON.parse(text);
  // Nearly all of them: told apart at once.
  if (isRecord(answer) && isRecord(answer['data']) && answer['errors'] === undefined && answer['extensions'] === undefined)
    return { data: answer['data'] };
  const read = answerSchema.parse(answer);
  if (!read.data && !read.errors?.length) throw new Error('The answer holds neither data nor errors.');
  return read;
}
