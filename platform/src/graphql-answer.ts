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
