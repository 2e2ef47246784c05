import type { Commit } from './ledger.js';
import type { Charge, PaymentIntent } from './payment-intent.js';

/** A payment that was made before the sandbox existed. Amounts in minor units of `currency` (ISO 4217). */
export interface ImportedIntent {
  /** Chosen by the importer and used again on a repeat; for example `pi_demo_000001`. */
  id: string;
  amountMinor: number;
  currency: string;
  /** `authorized` still holds the money, `captured` has taken it, `voided` has let it go. */
  state: 'authorized' | 'captured' | 'voided';
  /** Default: the whole amount. */
  capturedMinor?: number;
  /** A test payment method; it gives brand and last four digits. Default `pm_card_visa`. */
  paymentMethod?: string;
  metadata?: Record<string, string>;
  created: Date;
  refunds?: readonly { id: string; amountMinor: number; created: Date }[];
}

const statuses = { authorized: 'requires_capture', captured: 'succeeded', voided: 'canceled' } as const;

/** The same payment as the ledger keeps it. */
export function importedRecords(imported: ImportedIntent): Commit {
  const charge = chargeOf(imported);
  const created = charge.created;
  const intent: PaymentIntent = {
    id: imported.id,
    clientSecret: `${imported.id}_secret`,
    status: statuses[imported.state],
    amountMinor: imported.amountMinor,
    currency: imported.currency.toLowerCase(),
    captureMethod: 'manual',
    paymentMethod: charge.paymentMethod,
    returnUrl: null,
    metadata: imported.metadata ?? {},
    created,
    canceledAt: imported.state === 'voided' ? created : null,
    cancellationReason: null,
    lastError: null,
    charge,
  };
  const refunds = imported.refunds ?? [];
  return { intent, ...(refunds.length === 0 ? {} : { refunds: refunds.map((refund) => refundOf(refund, intent, charge)) }) };
}

function chargeOf({
  id,
  amountMinor,
  state,
  capturedMinor = amountMinor,
  paymentMethod = 'pm_card_visa',
  created,
  refunds = [],
}: ImportedIntent): Charge {
  return {
    id: id.replace(/^pi_/, 'ch_'),
    status: 'succeeded',
    paymentMethod,
    amountMinor,
    amountCapturedMinor: state === 'captured' ? capturedMinor : 0,
    amountRefundedMinor: refunds.reduce((total, refund) => total + refund.amountMinor, 0),
    created: unixSeconds(created),
  };
}

const refundOf = (refund: { id: string; amountMinor: number; created: Date }, intent: PaymentIntent, charge: Charge) => ({
  id: refund.id,
  paymentIntentId: intent.id,
  chargeId: charge.id,
  amountMinor: refund.amountMinor,
  currency: intent.currency,
  reason: null,
  metadata: {},
  created: unixSeconds(refund.created),
});

const unixSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);
