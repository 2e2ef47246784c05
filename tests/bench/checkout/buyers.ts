import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import type { BuyableShop } from './buyable-shop.js';
import { confirmations, type Confirmations } from './confirmations.js';

const cartId = z.object({ cart: z.object({ id: z.string() }) });
const amount = z.object({ amountMinor: z.number(), currency: z.string() });
const totals = z.object({ cart: z.object({ totals: z.object({ total: amount }) }) });
const placed = z.object({ order: z.object({ id: z.string() }) });
const refused = z.object({ code: z.string() });
const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).partial().optional() })).optional(),
});

const CREATE = 'mutation { createCart { cart { id } } }';
const ADD = 'mutation A($input: AddCartLinesInput!) { addCartLines(input: $input) { ... on UserError { code } } }';
const DELIVER = `mutation D($input: SetCartDeliveryInput!) { setCartDelivery(input: $input) {
  ... on CartPayload { cart { totals { total { amountMinor currency } } } } ... on UserError { code } } }`;
const CHECKOUT = `mutation C($input: CheckoutInput!) { checkout(input: $input) {
  ... on CheckoutPayload { order { id } orderToken } ... on UserError { code } } }`;
const address = { fullName: 'Bench Buyer', line1: 'Lindenstraße 12', city: 'Berlin', postalCode: '10969', country: 'DE' };

/** Whoever is refused does not hammer on the door. */
const AFTER_REFUSAL_MS = 1_000;

export interface Buying {
  shop: BuyableShop;
  /** Of which each buyer takes two at random. */
  skus: readonly string[];
  /** How many buy at the same time; each begins anew when its order is CONFIRMED. */
  buyers: number;
  /** Purchases that are not counted, one after the other. */
  warmUps: number;
}

export interface BuyersAtWork extends AsyncDisposable {
  /** Buys for so long, and resolves when the last order is CONFIRMED. */
  buyFor(seconds: number): Promise<Bought>;
}

export interface Bought {
  /** From checkout to CONFIRMED, each in ms. */
  latencies: number[];
  /** Purchases that came to nothing, by what the shop said or what became of the order. */
  refusals: Map<string, number>;
  seconds: number;
}

/** Complete guest checkouts in a closed loop: cart, two lines, address and delivery, checkout. Resolves after the warm-ups. */
export async function buyersAt({ shop, skus, buyers, warmUps }: Buying): Promise<BuyersAtWork> {
  const pool = new Pool(shop.url, { connections: buyers });
  const confirmed = confirmations(shop);
  const buy = () => buyOnce(pool, confirmed, skus);
  for (let warmUp = 0; warmUp < warmUps; warmUp++) await buy();
  return {
    buyFor: async (seconds) => {
      const begun = performance.now();
      const latencies: number[] = [];
      const refusals = new Map<string, number>();
      const buyer = async () => {
        while (performance.now() - begun < seconds * 1_000) {
          const outcome = await buy();
          if (outcome.kind === 'confirmed') {
            latencies.push(outcome.afterMs);
            continue;
          }
          refusals.set(outcome.why, 1 + (refusals.get(outcome.why) ?? 0));
          await delay(AFTER_REFUSAL_MS);
        }
      };
      await Promise.all(Array.from({ length: buyers }, buyer));
      return { latencies, refusals, seconds: (performance.now() - begun) / 1_000 };
    },
    [Symbol.asyncDispose]: async () => {
      confirmed[Symbol.dispose]();
      await pool.close();
    },
  };
}

type Outcome = { kind: 'confirmed'; afterMs: number } | { kind: 'refused'; why: string };

async function buyOnce(pool: Pool, confirmed: Confirmations, skus: readonly string[]): Promise<Outcome> {
  try {
    const id = cartId.parse(await ask(pool, CREATE)).cart.id;
    const lines = [0, 1].map(() => ({ sku: skus[Math.floor(Math.random() * skus.length)], quantity: 1 }));
    await ask(pool, ADD, { input: { cartId: id, lines } });
    const delivery = { cartId: id, shippingAddress: address, deliveryOptionCode: 'standard' };
    const expectedTotal = totals.parse(await ask(pool, DELIVER, { input: delivery })).cart.totals.total;
    const begun = performance.now();
    const input = { cartId: id, expectedTotal, email: 'bench@shop.example', paymentToken: 'pm_card_visa', idempotencyKey: randomUUID() };
    const status = await confirmed.wait(placed.parse(await ask(pool, CHECKOUT, { input })).order.id);
    if (status !== 'CONFIRMED') return { kind: 'refused', why: status };
    return { kind: 'confirmed', afterMs: performance.now() - begun };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', why: error.message };
    throw error;
  }
}

/** Its message is what the shop said. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** The value of the only root field. Throws Refused for a refusal of any kind. */
async function ask(pool: Pool, query: string, variables: object = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = answerSchema.parse(await answer.body.json());
  if (errors?.[0]) throw new Refused(`${errors[0].extensions?.code ?? answer.statusCode}: ${errors[0].message}`);
  if (!data) throw new Refused(`HTTP ${answer.statusCode}`);
  const [value] = Object.values(data);
  const refusal = refused.safeParse(value);
  if (refusal.success) throw new Refused(refusal.data.code);
  return value;
}
