import { z } from 'zod';
import { cartStateSchema, type Cart, type CartState } from '../cart.js';

/** All that is kept of a cart, in Redis and in the durable copy. */
export interface CartRecord {
  cart: Cart;
  /** When a guest's cart ends; null for a person's. */
  expiresAt: Date | null;
  /** The cart that this one was merged into; it is gone then. */
  heirId: string | null;
  /** The newest events whose lines were taken out, and orders whose lines were put back, so that what comes twice counts once. */
  takenOut: readonly string[];
}

const textSchema = z.object({
  customerId: z.string().nullable(),
  state: cartStateSchema,
  updatedAt: z.number(),
  expiresAt: z.number().nullable(),
});

/** The part of a record that stands in Redis as one text. Throws for a text that PostgreSQL could not keep: what is acknowledged is copied. */
export function textOf({ cart, expiresAt }: Pick<CartRecord, 'cart' | 'expiresAt'>): string {
  const text: z.input<typeof textSchema> = {
    customerId: cart.customerId,
    state: stateOf(cart),
    updatedAt: cart.updatedAt.getTime(),
    expiresAt: expiresAt?.getTime() ?? null,
  };
  return JSON.stringify(text, refuseUnstorable);
}

/** The fields of a cart's hash, in the order of `recordOf`. */
export const FIELDS = ['version', 'heir', 'record', 'taken'];

/** null for a hash that is not there. */
export function recordOf(id: string, [version, heir, text, taken]: readonly (string | null)[]): CartRecord | null {
  if (!version || !text) return null;
  const { customerId, state, updatedAt, expiresAt } = textSchema.parse(JSON.parse(text));
  return {
    cart: { id, version: Number(version), customerId, ...state, updatedAt: new Date(updatedAt) },
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    heirId: heir || null,
    takenOut: taken ? taken.split(' ') : [],
  };
}

export function stateOf({ lines, shippingAddress, deliveryOptionCode }: CartState): CartState {
  return { lines, shippingAddress, deliveryOptionCode };
}

export function isAlive({ heirId, expiresAt }: CartRecord, now: Date): boolean {
  return heirId === null && (expiresAt === null || expiresAt > now);
}

function refuseUnstorable(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) throw new Error('A text that no database can keep.');
  return value;
}
