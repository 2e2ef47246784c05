import { isUuid } from '@shop/platform/ids';
import { passesLuhn } from '@shop/platform/luhn';
import { validate } from '@shop/platform/validation';
import { z } from 'zod';

const text = (longest: number) => z.string().trim().min(1, 'must not be empty').max(longest, `must have at most ${longest} characters`);

const expectedTotal = z.object({ amountMinor: z.int().min(0, 'must not be negative'), currency: z.string() });

const asGuest = z.object({
  cartId: z.string(),
  expectedTotal,
  email: z.email('must be an e-mail address').max(254),
  paymentToken: text(255).refine((token) => !looksLikeCardNumber(token), 'is a card number; send a token of the payment provider'),
  idempotencyKey: z.string().min(1, 'must have 1 to 255 characters').max(255, 'must have 1 to 255 characters'),
});

const asUser = asGuest.extend({ email: asGuest.shape.email.nullish().transform((email) => email ?? null) });

export type CheckoutRequest = z.output<typeof asUser>;

/** Checks a checkout's input. A guest must say an e-mail address; for a signed-in person it may be left out. */
export function checkCheckout(input: unknown, isGuest: boolean) {
  const described = isGuest && typeof input === 'object' && input !== null ? { ...input, email: emailOf(input) } : input;
  return validate<z.ZodType<CheckoutRequest>>(isGuest ? asGuest : asUser, described);
}

/** An id that is none of ours names no cart. */
export function isCartId(cartId: string): boolean {
  return isUuid(cartId);
}

/** 13 to 19 digits, however grouped, whose check digit is right (ISO/IEC 7812-1, annex B). */
export function looksLikeCardNumber(value: string): boolean {
  const digits = value.replace(/[\s.-]/g, '');
  return /^\d{13,19}$/.test(digits) && passesLuhn(digits);
}

function emailOf(input: object): unknown {
  return 'email' in input && input.email != null ? input.email : '';
}
