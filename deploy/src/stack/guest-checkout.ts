import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});
const amount = z.object({ amountMinor: z.number(), currency: z.string() });
const found = z.object({ totalCount: z.number().min(1) });
const products = z.object({
  nodes: z.array(z.object({ variants: z.array(z.object({ sku: z.string(), availability: z.object({ status: z.string() }).nullable() })) })),
});
const cart = z.object({ cart: z.object({ id: z.string() }) });
const priced = z.object({ cart: z.object({ totals: z.object({ total: amount }) }) });
const placed = z.object({ orderToken: z.string(), order: z.object({ id: z.string(), number: z.string() }) });
const order = z.object({ status: z.string(), statusReason: z.string().nullable() });

const shippingAddress = { fullName: 'Grete Guest', line1: 'Torstraße 1', city: 'Berlin', postalCode: '10119', country: 'DE' };
const CONFIRMED_MS = 60_000;
const SEARCHABLE_MS = 30_000;

/** Buys one thing as a guest, over all subgraphs, and waits until the order is confirmed; returns its number. Throws at the first step that fails. */
export async function buyAsGuest(url: string): Promise<string> {
  const page = products.parse(await ask(url, '{ products(first: 20) { nodes { variants { sku availability { status } } } } }'));
  const offered = page.nodes.flatMap(({ variants }) => variants).find(({ availability }) => availability?.status === 'IN_STOCK');
  if (!offered) throw new Error('Nothing of the first 20 products is in stock.');
  const { id: cartId } = cart.parse(await ask(url, 'mutation { createCart { cart { id } } }')).cart;
  await ask(url, 'mutation A($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename } }', {
    input: { cartId, lines: [{ sku: offered.sku, quantity: 1 }] },
  });
  const { total } = priced.parse(
    await ask(
      url,
      `mutation D($input: SetCartDeliveryInput!) { setCartDelivery(input: $input) {
        ... on CartPayload { cart { totals { total { amountMinor currency } } } } ... on UserError { message } } }`,
      { input: { cartId, shippingAddress, deliveryOptionCode: 'standard' } },
    ),
  ).cart.totals;
  const input = { cartId, expectedTotal: total, email: 'grete@shop.example', paymentToken: 'pm_card_visa', idempotencyKey: randomUUID() };
  const bought = placed.parse(
    await ask(
      url,
      `mutation C($input: CheckoutInput!) { checkout(input: $input) {
        ... on CheckoutPayload { orderToken order { id number } } ... on UserError { message } } }`,
      { input },
    ),
  );
  await untilConfirmed(url, bought.order.id, bought.orderToken);
  return bought.order.number;
}

/** Whether search answers from a complete index; throws when it does not within 30 s: its first answers may be late on a busy machine. */
export async function searchWorks(url: string): Promise<void> {
  for (const end = performance.now() + SEARCHABLE_MS; ; await pause(500)) {
    const failure = await ask(url, '{ searchProducts(first: 1) { totalCount } }').then(
      (answer) => found.safeParse(answer).error,
      (error: unknown) => error,
    );
    if (failure === undefined) return;
    if (performance.now() > end) throw new Error('Search does not answer.', { cause: failure });
  }
}

async function untilConfirmed(url: string, id: string, token: string): Promise<void> {
  for (const end = performance.now() + CONFIRMED_MS; ; await pause(200)) {
    const { status, statusReason } = order.parse(
      await ask(url, 'query O($id: ID!) { order(id: $id) { status statusReason } }', { id }, token),
    );
    if (status === 'CONFIRMED') return;
    if (status !== 'PLACED' || performance.now() > end)
      throw new Error(`The order is ${status} (${statusReason ?? 'no reason'}), not CONFIRMED.`);
  }
}

/** The value of the only root field. */
async function ask(url: string, query: string, variables: object = {}, token?: string): Promise<unknown> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  const { data, errors } = answerSchema.parse(await answer.json());
  if (errors || !data) throw new Error(`${query.slice(0, 60)} …: ${errors?.map(({ message }) => message).join('; ') ?? answer.status}`);
  return Object.values(data)[0];
}
