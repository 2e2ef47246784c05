import type { z } from 'zod';
import { validationError, type ValidationError } from './user-errors.js';

/** Parses an input object. On failure: the `ValidationError` to answer with, one entry an offending field. */
export function validate<T extends z.ZodType>(
  schema: T,
  input: unknown,
): { kind: 'valid'; value: z.output<T> } | { kind: 'invalid'; error: ValidationError } {
  const result = schema.safeParse(input);
  if (result.success) return { kind: 'valid', value: result.data };
  return {
    kind: 'invalid',
    error: validationError(result.error.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message }))),
  };
}
