import type { BookName } from '../../kit/ledger.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';

/** What each subgraph has come to, without the traces of how. */
const RESULTS: readonly { name: BookName; text: string }[] = [
  { name: 'orders', text: `select id::text, status, revision, timeline from orders order by id` },
  { name: 'orders', text: `select id, state from saga order by id` },
  { name: 'payments', text: `select order_id, status, amount_minor, captured_minor, refunded_minor from payment order by order_id` },
  { name: 'payments', text: `select booking_id, account, amount_minor from ledger_entry order by position` },
  { name: 'inventory', text: `select order_id, status, lines from reservation order by order_id` },
  { name: 'inventory', text: `select sku, warehouse_id::text, on_hand, reserved from stock_level order by sku, warehouse_id` },
  { name: 'notifications', text: `select id::text, topic, read_at from notification order by id` },
  { name: 'notifications', text: `select status, count(*)::int as mails from notification_delivery group by 1 order by 1` },
  { name: 'users', text: `select id::text from users order by id` },
];

/** Equal digests: the shop is in the same state. Only of a shop that is quiet. */
export async function bookDigest({ sql }: ShopInStack): Promise<Record<string, unknown>[][]> {
  return Promise.all(RESULTS.map(({ name, text }) => sql(name, text)));
}
