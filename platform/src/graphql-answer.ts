import type { ExecutionResult } from 'graphql';
import { z } from 'zod';

const answerSchema = z.object({
  // Not walked and not copied: what it holds is checked where it is shown.
  data: z.custom<Record<string, unknown>>(isObject).nullish(),
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
export function parseGraphQLAnswer(text: string): ExecutionResult {
  const answer: unknown = JSON.parse(text);
  // Nearly all of them: told apart at once.
  if (isObject(answer) && isObject(answer['data']) && answer['errors'] === undefined && answer['extensions'] === undefined)
    return { data: answer['data'] };
  const read = answerSchema.parse(answer) as ExecutionResult;
  if (!read.data && !read.errors?.length) throw new Error('The answer holds neither data nor errors.');
  return read;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
