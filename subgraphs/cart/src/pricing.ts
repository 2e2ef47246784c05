import type { RequestContext } from '@shop/platform/request-context';
import type { Amount } from '@shop/platform/money';
import { currencyOf, type Cart, type CartLine, type CartState, type SeenVariant } from './cart.js';
import type { CartServices } from './context.js';
import { problemsOf, type CurrentVariant, type Problem } from './problems.js';
import { lineTotal, quote, type Quote } from './quote.js';

export interface PricedLine {
  line: CartLine;
  current: CurrentVariant;
  /** What it is now: the catalog's word, or while there is none the one that was seen last. */
  variant: SeenVariant;
  lineTotal: Amount;
}

export interface PricedCart extends Quote {
  lines: PricedLine[];
  currency: string;
}

type Variants = { kind: 'known'; variants: ReadonlyMap<string, SeenVariant> } | { kind: 'unknown' };

/**
 * A cart at current prices. While the catalog cannot be asked, at the prices last seen, so that a cart can always be read.
 */
export async function priceCart(state: CartState, services: CartServices, context: RequestContext): Promise<PricedCart> {
  const variants = await services.catalog.variants(skusOf(state), context).then(
    (known): Variants => ({ kind: 'known', variants: known }),
    (): Variants => ({ kind: 'unknown' }),
  );
  return priced(state, variants, services);
}

/** A cart at the prices of this moment. Throws SERVICE_UNAVAILABLE when they are not to be had. */
export async function priceForCheckout(state: CartState, services: CartServices, context: RequestContext): Promise<PricedCart> {
  return priced(state, { kind: 'known', variants: await services.catalog.freshVariants(skusOf(state), context) }, services);
}

/** What stands between the cart and a checkout; `available` is the stock view's word on the cart's SKUs. */
export function problemsIn(cart: Cart, { lines, currency, deliveryOption }: PricedCart, available: ReadonlyMap<string, number>): Problem[] {
  return problemsOf({
    lines: lines.map(({ line, current }) => ({ line, current, available: available.get(line.sku) ?? null })),
    currency,
    hasAddress: cart.shippingAddress !== null,
    chosenDelivery: cart.deliveryOptionCode,
    isDeliveryOffered: deliveryOption !== null,
  });
}

function priced(state: CartState, variants: Variants, services: Pick<CartServices, 'defaultCountry' | 'defaultCurrency'>): PricedCart {
  const lines = state.lines.map((line) => pricedLine(line, variants));
  const currency = currencyOf(state) ?? services.defaultCurrency;
  const sum = quote({
    // A line that the catalog meanwhile sells in another currency has no place in the sum; it is a problem of the cart.
    lines: lines
      .filter(({ variant }) => variant.unitPrice.currency === currency)
      .map(({ line, variant }) => ({ ...variant, quantity: line.quantity })),
    currency,
    country: state.shippingAddress?.country ?? services.defaultCountry,
    deliveryOptionCode: state.deliveryOptionCode,
  });
  return { ...sum, lines, currency };
}

function pricedLine(line: CartLine, variants: Variants): PricedLine {
  const current = currentOf(line.sku, variants);
  const variant = current.kind === 'sold' ? current.variant : line.seen;
  return { line, current, variant, lineTotal: lineTotal({ unitPrice: variant.unitPrice, quantity: line.quantity }) };
}

function currentOf(sku: string, variants: Variants): CurrentVariant {
  if (variants.kind === 'unknown') return { kind: 'unknown' };
  const variant = variants.variants.get(sku);
  return variant ? { kind: 'sold', variant } : { kind: 'not-sold' };
}

export function skusOf({ lines }: CartState): string[] {
  return lines.map(({ sku }) => sku);
}
