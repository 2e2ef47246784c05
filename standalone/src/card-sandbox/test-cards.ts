/** What the issuer of a test card says to an authorisation. `challenge` asks the buyer first (3-D Secure). */
export type IssuerVerdict =
  | { kind: 'approve' }
  | { kind: 'challenge' }
  | { kind: 'decline'; code: string; declineCode: string; message: string };

/** How the answer travels: `late` keeps the caller waiting, `lost` never arrives although the change happened. */
export type AnswerPace = 'at-once' | 'late' | 'lost';

export interface TestCard {
  brand: 'visa' | 'mastercard' | 'amex';
  last4: string;
  verdict: IssuerVerdict;
  pace: AnswerPace;
}

/** Every test card expires in December of this year. */
export const cardExpiry = { month: 12, year: 2034 } as const;

const visa: TestCard = { brand: 'visa', last4: '4242', verdict: { kind: 'approve' }, pace: 'at-once' };

const declined = (last4: string, declineCode: string, message: string, code = 'card_declined'): TestCard => ({
  ...visa,
  last4,
  verdict: { kind: 'decline', code, declineCode, message },
});

const cards: ReadonlyMap<string, TestCard> = new Map([
  ['pm_card_visa', visa],
  ['pm_card_mastercard', { ...visa, brand: 'mastercard', last4: '4444' }],
  ['pm_card_amex', { ...visa, brand: 'amex', last4: '8431' }],
  ['pm_card_visa_chargeDeclined', declined('0002', 'generic_decline', 'Your card was declined.')],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', declined('9995', 'insufficient_funds', 'Your card has insufficient funds.')],
  ['pm_card_chargeDeclinedExpiredCard', declined('0069', 'expired_card', 'Your card has expired.', 'expired_card')],
  ['pm_card_threeDSecure2Required', { ...visa, last4: '3220', verdict: { kind: 'challenge' } }],
  ['pm_sandbox_slow', { ...visa, pace: 'late' }],
  ['pm_sandbox_timeout', { ...visa, pace: 'lost' }],
]);

/** The card behind a payment method id; undefined when the sandbox has no such card. Names follow docs.stripe.com/testing. */
export const findTestCard = (paymentMethod: string): TestCard | undefined => cards.get(paymentMethod);
