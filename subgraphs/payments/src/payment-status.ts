/** The states of one payment; `transitions` is the whole machine. */
export const PaymentStatus = {
  CREATED: 'CREATED',
  REQUIRES_ACTION: 'REQUIRES_ACTION',
  AUTHORIZED: 'AUTHORIZED',
  CAPTURED: 'CAPTURED',
  PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED',
  REFUNDED: 'REFUNDED',
  VOIDED: 'VOIDED',
  DECLINED: 'DECLINED',
  FAILED: 'FAILED',
} as const;

export type PaymentStatus = (typeof PaymentStatus)[keyof typeof PaymentStatus];

/**
 * Where a payment may go. VOIDED, DECLINED and FAILED are ends as far as we decide; only the provider's word that it took money after
 * all leads out of them, because the ledger follows the money. What is captured that way is refunded at once.
 */
export const transitions: Record<PaymentStatus, readonly PaymentStatus[]> = {
  CREATED: ['REQUIRES_ACTION', 'AUTHORIZED', 'VOIDED', 'DECLINED', 'FAILED'],
  REQUIRES_ACTION: ['AUTHORIZED', 'VOIDED', 'DECLINED'],
  AUTHORIZED: ['CAPTURED', 'VOIDED'],
  CAPTURED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  PARTIALLY_REFUNDED: ['PARTIALLY_REFUNDED', 'REFUNDED'],
  REFUNDED: [],
  VOIDED: ['CAPTURED'],
  DECLINED: ['CAPTURED'],
  FAILED: ['CAPTURED'],
};

export function canMove(from: PaymentStatus, to: PaymentStatus): boolean {
  return transitions[from].includes(to);
}

/** The money was taken, whatever was given back since. */
export function isCaptured(status: PaymentStatus): boolean {
  return status === 'CAPTURED' || status === 'PARTIALLY_REFUNDED' || status === 'REFUNDED';
}
