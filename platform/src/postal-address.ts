import { z } from 'zod';
import { neededLine, optionalLine } from './one-line.js';

/** A postal address that somebody has typed in, for an address book and for a cart. Whether anything is delivered there is not its matter. */
export const postalAddressRule = z.object({
  fullName: neededLine(200),
  company: optionalLine(200),
  line1: neededLine(200),
  line2: optionalLine(200),
  city: neededLine(100),
  region: optionalLine(100),
  postalCode: neededLine(20).regex(/^[\p{L}\p{N}][\p{L}\p{N} -]*$/u, 'Only letters, digits, blanks and hyphens.'),
  country: z.string().length(2),
  phone: optionalLine(40).refine((phone) => phone === null || /^\+?[\d ()./-]{4,}$/.test(phone), 'Not a telephone number.'),
});
