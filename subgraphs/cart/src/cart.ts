import { z } from 'zod';
import type { TaxClass } from './tax.js';

/** Lines in one cart at most. */
export const MAX_LINES = 100;

/** Pieces of one line at most. */
export const MAX_QUANTITY = 999;

const price = z.object({ amountMinor: z.int(), currency: z.string() });

/** What the catalog said of a variant when the line was last written: the price that was seen, and what a quote falls back to. */
export const seenVariant = z.object({
  productName: z.string(),
  variantName: z.string(),
  unitPrice: price,
  weightGrams: z.int(),
  taxClass: z.enum(['standard', 'reduced', 'zero'] satisfies TaxClass[]),
});

const address = z.object({
  fullName: z.string(),
  company: z.string().nullable(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string(),
  region: z.string().nullable(),
  postalCode: z.string(),
  /** ISO 3166-1 alpha-2. */
  country: z.string(),
  phone: z.string().nullable(),
});

const line = z.object({ id: z.string(), sku: z.string(), quantity: z.int(), seen: seenVariant });

/** What a store keeps of a cart beside its id, version and owner. */
export const cartStateSchema = z.object({
  lines: z.array(line),
  shippingAddress: address.nullable(),
  deliveryOptionCode: z.string().nullable(),
});

export type SeenVariant = z.infer<typeof seenVariant>;
export type CartAddress = z.infer<typeof address>;
export type CartLine = z.infer<typeof line>;
export type CartState = z.infer<typeof cartStateSchema>;

export interface Cart extends CartState {
  id: string;
  /** Rises by one with every change. */
  version: number;
  /** Whose cart it is; null for a guest's. */
  customerId: string | null;
  updatedAt: Date;
}

export const emptyCart: CartState = { lines: [], shippingAddress: null, deliveryOptionCode: null };

export interface FieldFault {
  path: string[];
  message: string;
}

/** What a change of the whole cart comes to: the state to be saved, or why not. */
export type Decision = { kind: 'changed'; state: CartState } | { kind: 'rejected'; faults: FieldFault[] };

/** The same for a change of one line. */
export type LineDecision = Decision | { kind: 'line-not-found' };

/** One entry of `addCartLines`; `id` is for the line that it may become, `seen` null for a SKU that is not sold. */
export interface Addition {
  id: string;
  sku: string;
  quantity: number;
  seen: SeenVariant | null;
}

/** Adds all or nothing. A SKU that is in the cart, or comes twice, adds up on one line, whose price then is the one seen now. */
export function addLines(state: CartState, additions: readonly Addition[]): Decision {
  const faults: FieldFault[] = additions.length === 0 ? [{ path: ['lines'], message: 'At least one line is needed.' }] : [];
  const lines = new Map(state.lines.map((known) => [known.sku, known]));
  const currency = currencyOf(state) ?? additions.find(({ seen }) => seen)?.seen?.unitPrice.currency;
  additions.forEach(({ id, sku, quantity, seen }, index) => {
    const at = (field: string, message: string) => void faults.push({ path: ['lines', String(index), field], message });
    if (!seen) return at('sku', 'No such article is sold here.');
    if (seen.unitPrice.currency !== currency)
      return at('sku', `This article is sold in ${seen.unitPrice.currency}, the cart is in ${currency}.`);
    if (!isQuantity(quantity)) return at('quantity', `A quantity is a whole number from 1 to ${MAX_QUANTITY}.`);
    const known = lines.get(sku);
    const total = quantity + (known?.quantity ?? 0);
    if (total > MAX_QUANTITY) return at('quantity', `At most ${MAX_QUANTITY} pieces of one article; this would make ${total}.`);
    lines.set(sku, { id: known?.id ?? id, sku, quantity: total, seen });
  });
  if (lines.size > MAX_LINES) faults.push({ path: ['lines'], message: `A cart holds at most ${MAX_LINES} lines.` });
  return faults.length > 0 ? { kind: 'rejected', faults } : { kind: 'changed', state: { ...state, lines: [...lines.values()] } };
}

/** Sets a line's quantity, 0 removes it. The price seen becomes `seen`; null leaves it as it was. */
export function updateLine(state: CartState, lineId: string, quantity: number, seen: SeenVariant | null): LineDecision {
  if (!state.lines.some(({ id }) => id === lineId)) return { kind: 'line-not-found' };
  if (quantity === 0) return { kind: 'changed', state: { ...state, lines: state.lines.filter(({ id }) => id !== lineId) } };
  if (!isQuantity(quantity))
    return { kind: 'rejected', faults: [{ path: ['quantity'], message: `A quantity is a whole number from 0 to ${MAX_QUANTITY}.` }] };
  const lines = state.lines.map((known) => (known.id === lineId ? { ...known, quantity, seen: seen ?? known.seen } : known));
  return { kind: 'changed', state: { ...state, lines } };
}

/** What is left out stays. `offered` are the codes of the delivery options to the address that the cart then has. */
export function setDelivery(
  state: CartState,
  delivery: { shippingAddress: CartAddress | null; deliveryOptionCode: string | null },
  offered: readonly string[],
): Decision {
  const code = delivery.deliveryOptionCode ?? state.deliveryOptionCode;
  if (delivery.deliveryOptionCode !== null && !offered.includes(delivery.deliveryOptionCode)) {
    const message = offered.length > 0 ? `Offered are ${offered.join(', ')}.` : 'Nothing can be delivered there.';
    return { kind: 'rejected', faults: [{ path: ['deliveryOptionCode'], message }] };
  }
  return {
    kind: 'changed',
    state: { ...state, shippingAddress: delivery.shippingAddress ?? state.shippingAddress, deliveryOptionCode: code },
  };
}

/** Takes out what was ordered and leaves what came later; address and delivery stay for the next order. */
export function removeOrdered(state: CartState, ordered: readonly { sku: string; quantity: number }[]): CartState {
  const left = new Map<string, number>();
  for (const { sku, quantity } of ordered) left.set(sku, (left.get(sku) ?? 0) + quantity);
  const lines = state.lines.map((known) => ({ ...known, quantity: known.quantity - (left.get(known.sku) ?? 0) }));
  return { ...state, lines: lines.filter(({ quantity }) => quantity > 0) };
}

/**
 * Puts back what a rejected order had taken out. An article that is in the cart again meanwhile keeps its line, with the larger of both
 * quantities: nobody gets twice as much. What has no place (too many lines, another currency than the cart's) stays out.
 */
export function putBackOrdered(state: CartState, ordered: readonly CartLine[]): CartState {
  const currency = currencyOf(state) ?? ordered[0]?.seen.unitPrice.currency;
  const lines = new Map(state.lines.map((known) => [known.sku, known]));
  for (const [sku, [first, ...others]] of Map.groupBy(ordered, (line) => line.sku)) {
    if (!first) continue;
    const known = lines.get(sku);
    if (!known && (lines.size === MAX_LINES || first.seen.unitPrice.currency !== currency)) continue;
    const wanted = others.reduce((sum, { quantity }) => sum + quantity, first.quantity);
    lines.set(sku, { ...(known ?? first), quantity: Math.min(Math.max(wanted, known?.quantity ?? 0), MAX_QUANTITY) });
  }
  return { ...state, lines: [...lines.values()] };
}

/** The currency of a cart's totals: that of its first line; null for an empty cart. */
export function currencyOf(state: CartState): string | null {
  return state.lines[0]?.seen.unitPrice.currency ?? null;
}

function isQuantity(quantity: number): boolean {
  return Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
}
