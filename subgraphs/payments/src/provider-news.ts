import type { ProviderOutcome } from './card-provider.js';
import type { ProviderNews } from './payment.js';

/** An outcome as news of a payment; `refundId` is ours, null for a refund that we did not ask for. Null: tells nothing. */
export function newsOfOutcome(outcome: ProviderOutcome, refundId: string | null): ProviderNews | null {
  switch (outcome.kind) {
    case 'refunded':
      return { ...outcome, refundId };
    case 'refused':
      return refundId === null ? { kind: 'failed', code: outcome.code, message: outcome.message } : { kind: 'refund-refused', refundId };
    case 'unknown':
      return null;
    case 'authorized':
    case 'action-required':
    case 'declined':
    case 'captured':
    case 'voided':
      return outcome;
    default:
      return outcome satisfies never;
  }
}
