import { z } from 'zod';
import type { Books } from '../ledger.js';

const minor = z.coerce.number();
const paymentRow = z.object({
  order_id: z.string(),
  status: z.string(),
  amount: minor,
  captured: minor,
  refunded: minor,
  booked: minor,
});
const orderRow = z.object({ id: z.string(), status: z.string(), total: minor, is_seeded: z.boolean() });
type PaymentRow = z.output<typeof paymentRow>;
type OrderRow = z.output<typeof orderRow>;

const PAYMENTS = `select order_id, status, amount_minor as amount, captured_minor as captured, refunded_minor as refunded,
    coalesce((select sum(amount_minor) from ledger_entry e where e.payment_id = p.id and account = 'provider_receivable'), 0) as booked
  from payment p where not is_tombstone`;
const UNBALANCED = `select booking_id as id from ledger_entry group by booking_id, currency having sum(amount_minor) <> 0`;
const UNKNOWN = `select order_id as id from payment p where status = 'CREATED' and not is_tombstone
  and not exists (select from provider_call where payment_id = p.id)`;
const ORDERS = `select id::text, status, totals->'total'->>'amountMinor' as total, cart_id is null as is_seeded from orders`;

const SOLD = new Set(['CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED']);
const OVER = new Set(['CANCELLED', 'REJECTED']);

/** I1, I2, I3, I5 and I6: captured, refunded, booked and what the provider says are the same money. */
export async function moneyViolations(books: Books): Promise<string[]> {
  const [payments, orders, unbalanced, unknown] = await Promise.all([
    books.sql('payments', PAYMENTS),
    books.sql('orders', ORDERS),
    books.sql('payments', UNBALANCED),
    books.sql('payments', UNKNOWN),
  ]);
  const paid = z.array(paymentRow).parse(payments);
  const placed = z.array(orderRow).parse(orders);
  const ofOrder = new Map(paid.map((payment) => [payment.order_id, payment]));
  return [
    ...unbalanced.map(({ id }) => `I2: booking ${String(id)} does not add up to zero`),
    ...unknown.map(({ id }) => `I6: nobody knows what became of the payment of order ${String(id)}, and nobody asks`),
    ...paid.flatMap(amountViolations),
    ...placed.flatMap((order) => settlementViolations(order, ofOrder.get(order.id))),
    ...(await providerViolations(books, paid, new Set(placed.filter((order) => order.is_seeded).map(({ id }) => id)))),
  ];
}

function amountViolations({ order_id, amount, captured, refunded, booked }: PaymentRow): string[] {
  const isOrdered = 0 <= refunded && refunded <= captured && captured <= amount;
  return [
    ...(isOrdered ? [] : [`I1: order ${order_id} has refunded ${refunded}, captured ${captured}, authorised ${amount}`]),
    ...(booked === captured - refunded ? [] : [`I1: order ${order_id} has ${captured - refunded} taken, but ${booked} in the ledger`]),
  ];
}

function settlementViolations({ id, status, total, is_seeded }: OrderRow, payment: PaymentRow | undefined): string[] {
  const kept = (payment?.captured ?? 0) - (payment?.refunded ?? 0);
  if (OVER.has(status)) {
    const isHeld = payment?.status === 'AUTHORIZED' || payment?.status === 'REQUIRES_ACTION' || payment?.status === 'CREATED';
    return kept > 0 || isHeld ? [`I3: order ${id} is ${status}, but its payment is ${payment?.status} with ${kept} kept`] : [];
  }
  if (!SOLD.has(status) || is_seeded) return [];
  if (payment?.amount !== total) return [`I1: order ${id} costs ${total}, its payment is for ${payment?.amount ?? 'nothing'}`];
  return payment.captured === total ? [] : [`I1: order ${id} is ${status}, but ${payment.captured} of ${total} was captured`];
}

/** The provider's own list; left out where it is another process. */
async function providerViolations({ provider }: Books, payments: readonly PaymentRow[], seeded: ReadonlySet<string>): Promise<string[]> {
  if (!provider) return [];
  const intents = Map.groupBy(await provider.intents(), ({ metadata }) => metadata['order_id'] ?? '');
  const strangers = [...intents.keys()].filter((orderId) => !payments.some((payment) => payment.order_id === orderId));
  const own = payments.filter(({ order_id }) => !seeded.has(order_id));
  return [
    ...strangers.map((orderId) => `I5: the provider has a payment of order "${orderId}", payments has not`),
    ...own.flatMap(({ order_id, status, captured, refunded }) => {
      const live = (intents.get(order_id) ?? []).filter((intent) => intent.status === 'requires_capture' || intent.status === 'succeeded');
      const taken = live.reduce((sum, { charge }) => sum + (charge?.amountCapturedMinor ?? 0) - (charge?.amountRefundedMinor ?? 0), 0);
      const isLive = live.some((intent) => intent.status === 'requires_capture');
      return [
        ...(live.length > 1 ? [`I5: order ${order_id} has ${live.length} live authorisations`] : []),
        ...(taken === captured - refunded ? [] : [`I1: order ${order_id} has ${captured - refunded} taken, the provider says ${taken}`]),
        ...(isLive === (status === 'AUTHORIZED')
          ? []
          : [`I5: order ${order_id} is ${status}, the provider ${isLive ? 'still' : 'no longer'} holds money`]),
      ];
    }),
  ];
}
