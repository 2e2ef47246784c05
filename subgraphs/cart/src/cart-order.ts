import { randomUUID } from 'node:crypto';
import type { CartLine, SeenVariant } from './cart.js';

/** How many orders a cart remembers; far more than are under way at once. */
export const REMEMBERED = 50;

/** An order, as far as it matters to the cart that it was made of. */
export interface CartOrder<L = { sku: string; quantity: number }> {
  orderId: string;
  cartId: string;
  lines: readonly L[];
}

/** Which cart changed, and its new version. */
export interface ChangedCart {
  cartId: string;
  version: number;
}

type OrderLine = Pick<CartLine, 'sku' | 'quantity'> & Pick<SeenVariant, 'productName' | 'variantName' | 'unitPrice'>;

/**
 * An order's lines as lines of a cart, with new ids and the prices that the buyer saw. Orders do not tell weights and tax classes: until
 * the line is written again it counts as weightless while the catalog cannot be asked, and nothing is sold then.
 */
export function cartLinesOf(lines: readonly OrderLine[]): CartLine[] {
  return lines.map(({ sku, quantity, productName, variantName, unitPrice }) => ({
    id: randomUUID(),
    sku,
    quantity,
    seen: { productName, variantName, unitPrice, weightGrams: 0, taxClass: 'standard' },
  }));
}
