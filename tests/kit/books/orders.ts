import { z } from 'zod';
import type { Books } from '../ledger.js';

const violationRow = z.object({ id: z.string() });

const checks: readonly { rule: string; text: string }[] = [
  {
    rule: 'I3: an order went on after its end',
    text: `select o.id::text from orders o, jsonb_array_elements(timeline) with ordinality as step (entry, place)
      where entry->>'status' in ('CANCELLED', 'REJECTED', 'RETURNED') and place < jsonb_array_length(timeline)`,
  },
  {
    rule: 'I3: an order is not where its timeline says',
    text: `select id::text from orders where timeline->-1->>'status' <> status or (timeline->-1->>'revision')::int <> revision`,
  },
  {
    rule: 'I4: the lines of an order do not add up to its total',
    text: `select id::text from (
        select id, (totals->'subtotal'->>'amountMinor')::bigint as subtotal, (totals->'discount'->>'amountMinor')::bigint as discount,
          (totals->'shipping'->>'amountMinor')::bigint as shipping, (totals->'tax'->>'amountMinor')::bigint as tax,
          (totals->'total'->>'amountMinor')::bigint as total,
          (select sum((line->'unitPrice'->>'amountMinor')::bigint * (line->>'quantity')::int) from jsonb_array_elements(lines) as line) as sold
        from orders
      ) o where sold <> subtotal or total - (subtotal - discount + shipping) not in (0, tax)`,
  },
  {
    rule: 'I16: a checkout is not over',
    text: `select id from saga where state->>'step' <> 'complete' or deadline_at is not null`,
  },
  {
    rule: 'I12: the steps of an order and the events of them differ',
    text: `select id::text from orders o where cart_id is not null and revision <> (
      select count(*) from outbox where aggregate_id = o.id::text and type = 'orders.order-status-changed.v1')`,
  },
  {
    rule: 'I18: a key of a checkout answers with an order that is not there',
    text: `select key as id from idempotency where scope like '%/checkout' and response is not null
      and not exists (select from orders where id::text = response->>'orderId')`,
  },
  {
    rule: 'I18: two keys answer with one order, or one cart as it was became two orders',
    text: `select response->>'orderId' as id from idempotency where scope like '%/checkout' and response is not null
        group by 1 having count(*) > 1
      union all select cart_id from orders where cart_id is not null group by cart_id, cart_version having count(*) > 1`,
  },
  {
    rule: 'more of an order was sent than was bought',
    text: `select o.id::text from orders o, jsonb_array_elements(o.lines) as line where (line->>'quantity')::int < (
      select coalesce(sum((sent->>'quantity')::int), 0) from shipment s, jsonb_array_elements(s.lines) as sent
      where s.order_id = o.id and sent->>'orderLineId' = line->>'id')`,
  },
];

/** I3, I4, I12, I16 and I18, as far as orders' own books tell. */
export async function orderViolations(books: Books): Promise<string[]> {
  const found = await Promise.all(
    checks.map(async ({ rule, text }) => {
      const rows = z.array(violationRow).parse(await books.sql('orders', text));
      return rows.map(({ id }) => `${rule} (${id})`);
    }),
  );
  return found.flat();
}
