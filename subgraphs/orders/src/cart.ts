import { CartQuoteDocument } from '@shop/generated/cart/graphql';
import type { RequestContext } from '@shop/platform/request-context';
import { subgraphClient } from '@shop/platform/subgraph-client';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import type { CartQuote } from './checkout.js';

export interface Carts {
  /** The cart at the prices of this moment, as the viewer may see it; null when it is missing or not theirs. Throws SERVICE_UNAVAILABLE. */
  quote(cartId: string, context: RequestContext): Promise<CartQuote | null>;
}

/** Reads from the cart subgraph, which itself may have to ask the catalog. */
export function cartsOf(transport: SubgraphTransport): Carts {
  const client = subgraphClient({ target: 'cart', transport, timeoutMs: 3_000 });
  return { quote: async (cartId, context) => (await client.read(CartQuoteDocument, { cartId }, context)).cartQuote };
}
