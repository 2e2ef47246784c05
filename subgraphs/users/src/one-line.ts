import { z } from 'zod';

/** One line of text, trimmed: what stands on an envelope or in the head of a mail. Line breaks and other control characters are refused. */
export const oneLine = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .refine((text) => !/\p{Cc}/u.test(text), 'must be one line, without control characters');
