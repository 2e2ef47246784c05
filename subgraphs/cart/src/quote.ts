import { add, includedShare, share, sum, times, zero, type Amount } from '@shop/platform/money';
import { deliveryOffers, type DeliveryOffer } from './delivery.js';
import { rateOf, taxRuleOf, type TaxClass, type TaxRule } from './tax.js';

export interface QuoteLine {
  unitPrice: Amount;
  quantity: number;
  weightGrams: number;
  taxClass: TaxClass;
}

export interface QuoteRequest {
  /** All in `currency`. */
  lines: readonly QuoteLine[];
  currency: string;
  /** Where it goes, ISO 3166-1 alpha-2; decides tax and delivery. */
  country: string;
  /** null: not chosen yet, so nothing is charged for it. */
  deliveryOptionCode: string | null;
}

export interface Totals {
  /** Of the lines, before discount. */
  subtotal: Amount;
  discount: Amount;
  shipping: Amount;
  /** Contained in the prices, or added to them, as is the custom of the country. */
  tax: Amount;
  /** What is to be paid. */
  total: Amount;
}

export interface Quote {
  totals: Totals;
  /** The option that was chosen, when it is offered for this parcel. */
  deliveryOption: DeliveryOffer | null;
  deliveryOptions: DeliveryOffer[];
}

const untaxed: TaxRule = { isInclusive: true, standard: 0, reduced: 0, shipping: 0 };

/**
 * Adds up a cart: prices, delivery and tax, the only place of the shop that does. Tax is rounded once per line and once for the delivery,
 * by the rule of the platform's money. Where prices contain the tax, total = subtotal - discount + shipping and `tax` only informs;
 * elsewhere the tax is added. Nothing is charged for the delivery of an empty cart. Throws RangeError for lines of two currencies.
 */
export function quote({ lines, currency, country, deliveryOptionCode }: QuoteRequest): Quote {
  const subtotal = sum(lines.map(lineTotal), currency);
  const weightGrams = lines.reduce((grams, line) => grams + line.weightGrams * line.quantity, 0);
  const deliveryOptions = deliveryOffers({ country, weightGrams, subtotal });
  const deliveryOption = deliveryOptions.find(({ code }) => code === deliveryOptionCode) ?? null;
  const shipping = lines.length > 0 && deliveryOption ? deliveryOption.price : zero(currency);
  const rule = taxRuleOf(country) ?? untaxed;
  const tax = add(
    sum(
      lines.map((line) => taxOf(lineTotal(line), rateOf(rule, line.taxClass), rule)),
      currency,
    ),
    taxOf(shipping, rule.shipping, rule),
  );
  const net = add(subtotal, shipping);
  const totals = { subtotal, discount: zero(currency), shipping, tax, total: rule.isInclusive ? net : add(net, tax) };
  return { totals, deliveryOption, deliveryOptions };
}

/** Price times quantity, exactly. */
export function lineTotal({ unitPrice, quantity }: Pick<QuoteLine, 'unitPrice' | 'quantity'>): Amount {
  return times(unitPrice, quantity);
}

function taxOf(price: Amount, basisPoints: number, { isInclusive }: TaxRule): Amount {
  return isInclusive ? includedShare(price, basisPoints) : share(price, basisPoints);
}
