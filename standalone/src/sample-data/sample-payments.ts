import type { SeedPayment } from '@shop/payments/seed';
import type { InventorySeedData } from '@shop/inventory/seed';
import type { ImportedIntent } from '../card-sandbox/imported-intent.js';
import { uuidOf } from './random.js';
import type { SampleOrder } from './sample-orders.js';

/** What the payments subgraph knows of sample orders: each state has the payment that leads there. */
export function samplePayments(orders: readonly SampleOrder[]): SeedPayment[] {
  return orders.flatMap((order, index): SeedPayment[] => {
    const state = paymentStateOf(order);
    const createdAt = order.timeline[0]?.at;
    if (!state || !createdAt) return [];
    const { id: orderId, number: orderNumber, customerId, email, locale, totals } = order;
    return [
      {
        id: uuidOf(`payment ${orderId}`),
        orderId,
        orderNumber,
        customerId,
        email,
        locale,
        amount: totals.total,
        state,
        providerId: state === 'declined' ? null : `pi_demo_${String(index).padStart(6, '0')}`,
        method: { brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2034 },
        ...(state === 'declined' && { declineCode: 'generic_decline' }),
        ...refundsOf(order),
        createdAt,
      },
    ];
  });
}

/** The same payments as the card provider remembers them, so that they can be refunded. */
export function sampleIntents(payments: readonly SeedPayment[]): ImportedIntent[] {
  return payments.flatMap(({ id, orderId, amount, state, providerId, refunds, createdAt }) =>
    providerId === null || state === 'declined'
      ? []
      : [
          {
            id: providerId,
            amountMinor: amount.amountMinor,
            currency: amount.currency,
            state,
            metadata: { order_id: orderId, payment_id: id },
            created: createdAt,
            refunds: (refunds ?? []).map((refund) => ({
              id: `re_${refund.id}`,
              amountMinor: refund.amountMinor,
              created: refund.createdAt,
            })),
          },
        ],
  );
}

/** What sample orders have of the stock: sold when confirmed, given back when cancelled. */
export function sampleReservations(orders: readonly SampleOrder[]): NonNullable<InventorySeedData['reservations']> {
  return orders.flatMap(({ id, lines, timeline }) => {
    const last = timeline.at(-1);
    const wasConfirmed = timeline.some(({ status }) => status === 'CONFIRMED');
    if (!last || !wasConfirmed) return [];
    const status = last.status === 'CANCELLED' ? ('RELEASED' as const) : ('COMMITTED' as const);
    return [{ orderId: id, status, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })), at: last.at }];
  });
}

function paymentStateOf({ timeline, statusReason }: SampleOrder): SeedPayment['state'] | null {
  const last = timeline.at(-1)?.status;
  if (last === 'PLACED') return null;
  if (last === 'REJECTED') return statusReason === 'PAYMENT_DECLINED' ? 'declined' : null;
  return 'captured';
}

function refundsOf({ id, timeline, totals }: SampleOrder): Pick<SeedPayment, 'refunds'> {
  const last = timeline.at(-1);
  if (last?.status !== 'CANCELLED' && last?.status !== 'RETURNED') return {};
  return { refunds: [{ id: uuidOf(`refund ${id}`), amountMinor: totals.total.amountMinor, reason: last.status, createdAt: last.at }] };
}
