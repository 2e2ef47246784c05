import { z } from 'zod';

/**
 * One line of text, trimmed, of at most `longest` characters: what stands on an envelope or in the head of a mail. Line breaks and other
 * control characters are refused, and what no database can keep.
 */
const oneLine = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'must be one line, without control characters');

export const neededLine = (longest: number) => oneLine(longest).min(1);

/** Null where it was left out or empty. */
export const optionalLine = (longest: number) =>
  oneLine(longest)
    .nullish()
    .transform((text) => text || null);
