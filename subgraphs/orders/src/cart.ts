import type { RequestContext } from '@shop/platform/request-context';
import { subgraphClient } from '@shop/platform/subgraph-client';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { parse } from 'graphql';
import type { CartQuote } from './checkout.js';

export interface Carts {
  /** The cart at the prices of this moment, as the viewer may see it; null when it is missing or not theirs. Throws SERVICE_UNAVAILABLE. */
  quote(cartId: string, context: RequestContext): Promise<CartQuote | null>;
}

/** Reads from the cart subgraph. */
export function cartsOf(transport: SubgraphTransport): Carts {
  const client = subgraphClient({ target: 'cart', transport, timeoutMs: 3_000 });
  return {
    quote: async (cartId, context) =>
      (await client.read<{ cartQuote: CartQuote | null }, { cartId: string }>(cartQuote, { cartId }, context)).cartQuote,
  };
}

const cartQuote = parse(`query CartQuote($cartId: ID!) {
  cartQuote(cartId: $cartId) {
    cartId
    version
    lines { sku productName variantName quantity unitPrice { amountMinor currency } lineTotal { amountMinor currency } }
    totals {
      subtotal { amountMinor currency }
      discount { amountMinor currency }
      shipping { amountMinor currency }
      tax { amountMinor currency }
      total { amountMinor currency }
    }
    shippingAddress { fullName company line1 line2 city region postalCode country phone }
    deliveryOption { code name price { amountMinor currency } estimatedDays }
    problems { code message lineId }
  }
}`);
