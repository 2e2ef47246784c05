import type { z } from 'zod';
import { validationError, type ValidationError } from './user-errors.js';

/** Parses an input object. On failure: the `ValidationError` to answer with, one entry an offending field. */
export function validate<T extends z.ZodType>(
  schema: T,
  input: unknown,
): { kind: 'valid'; value: z.output<T> } | { kind: 'invalid'; error: ValidationError } {
  const result = schema.safeParse(input, { error: sizeMessage });
  if (result.success) return { kind: 'valid', value: result.data };
  return {
    kind: 'invalid',
    error: validationError(result.error.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message }))),
  };
}

/** For people, where the schema itself has no words; undefined leaves it to zod. */
const sizeMessage: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined;
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const bound = issue.code === 'too_small' ? 'at least' : 'at most';
  switch (issue.origin) {
    case 'string':
      return issue.code === 'too_small' && limit === 1 ? 'must not be empty' : `must have ${bound} ${limit} characters`;
    case 'array':
      return `must have ${bound} ${limit} entries`;
    default:
      return issue.inclusive === true
        ? `must be ${bound} ${limit}`
        : `must be ${issue.code === 'too_small' ? 'more' : 'less'} than ${limit}`;
  }
};
