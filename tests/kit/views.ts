import { z } from 'zod';
import type { ShopClient } from './shop-client.js';
import type { TestShop } from './shop.js';

/** The mails of one person, oldest first, once the shop is quiet. */
export async function mailsTo(shop: TestShop, email: string): Promise<{ subject: string; text: string }[]> {
  await shop.settle();
  const { mailbox } = shop;
  const own = (await mailbox.mails(1_000)).filter(({ to }) => to.includes(email)).toReversed();
  const mails = await Promise.all(own.map(({ id }) => mailbox.mail(id)));
  return mails.flatMap((mail) => (mail ? [{ subject: mail.subject, text: mail.text }] : []));
}

const ORDER = `query Order($id: ID!) { order(id: $id) {
  id number status statusReason revision email availableTransitions
  totals { total { amountMinor currency } }
  lines { id sku quantity }
  timeline { revision status actor }
  shipments { id status carrier trackingNumber lines { orderLineId quantity } events { status message } }
  payment { id status declineCode nextActionUrl method { brand last4 } capturedAmount { amountMinor } refundedAmount { amountMinor } } } }`;
const minor = z.object({ amountMinor: z.number() }).transform(({ amountMinor }) => amountMinor);
const orderSchema = z.object({
  id: z.string(),
  number: z.string(),
  status: z.string(),
  statusReason: z.string().nullable(),
  revision: z.number(),
  email: z.string(),
  availableTransitions: z.array(z.string()),
  totals: z.object({ total: z.object({ amountMinor: z.number(), currency: z.string() }) }),
  lines: z.array(z.object({ id: z.string(), sku: z.string(), quantity: z.number() })),
  timeline: z.array(z.object({ revision: z.number(), status: z.string(), actor: z.string() })),
  shipments: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      carrier: z.string(),
      trackingNumber: z.string().nullable(),
      lines: z.array(z.object({ orderLineId: z.string(), quantity: z.number() })),
      events: z.array(z.object({ status: z.string(), message: z.string() })),
    }),
  ),
  payment: z
    .object({
      id: z.string(),
      status: z.string(),
      declineCode: z.string().nullable(),
      nextActionUrl: z.string().nullable(),
      method: z.object({ brand: z.string(), last4: z.string() }).nullable(),
      capturedAmount: minor,
      refundedAmount: minor,
    })
    .nullable(),
});

/** One order over all subgraphs; null when the client may not see it. */
export async function readOrder(client: ShopClient, id: string) {
  return orderSchema.nullable().parse(await client.get(ORDER, { id }));
}

const stock = z.object({ onHand: z.number(), reserved: z.number(), available: z.number() });

/** What lies on the shelves of a SKU, as staff see it. */
export async function stockOf(staff: ShopClient, sku: string) {
  return stock.parse(await staff.get('query Stock($sku: String!) { inventoryItem(sku: $sku) { onHand reserved available } }', { sku }));
}
