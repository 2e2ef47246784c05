import type { ExecutionResult } from 'graphql';
import { z } from 'zod';

const answerSchema = z.object({
  // Not walked and not copied: what it holds is checked where it is shown.
  data: z.custom<Record<string, unknown>>((value) => typeof value === 'object' && !Array.isArray(value)).nullish(),
  errors: z
    .array(z.looseObject({ message: z.string() }))
    .nullish()
    .transform((errors) => errors ?? undefined),
  extensions: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((extensions) => extensions ?? undefined),
});

/** Reads what a subgraph answered. Throws when it is no GraphQL response. */
export function parseGraphQLAnswer(text: string): ExecutionResult {
  return answerSchema.parse(JSON.parse(text)) as ExecutionResult;
}
