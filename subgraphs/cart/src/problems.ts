import { equalAmounts } from '@shop/platform/money';
import type { CartLine, SeenVariant } from './cart.js';

export type ProblemCode = 'PRICE_CHANGED' | 'INSUFFICIENT_STOCK' | 'VARIANT_UNAVAILABLE' | 'ADDRESS_MISSING' | 'DELIVERY_MISSING';

export interface Problem {
  code: ProblemCode;
  message: string;
  lineId: string | null;
}

/** What the catalog says of a line's variant now; `unknown` while it cannot be asked. */
export type CurrentVariant = { kind: 'sold'; variant: SeenVariant } | { kind: 'not-sold' } | { kind: 'unknown' };

export interface CartFacts {
  lines: readonly { line: CartLine; current: CurrentVariant; available: number | null }[];
  currency: string;
  hasAddress: boolean;
  /** The code that was chosen, offered or not. */
  chosenDelivery: string | null;
  isDeliveryOffered: boolean;
}

/** What stands between a cart and a checkout, lines first. What is not known is no problem. */
export function problemsOf(facts: CartFacts): Problem[] {
  const problems = facts.lines.flatMap(({ line, current, available }) => lineProblems(line, current, available, facts.currency));
  if (!facts.hasAddress) problems.push({ code: 'ADDRESS_MISSING', message: 'Where should it go? Set a shipping address.', lineId: null });
  if (!facts.isDeliveryOffered)
    problems.push({
      code: 'DELIVERY_MISSING',
      message: facts.chosenDelivery
        ? 'The chosen delivery is no longer offered for this cart; choose another.'
        : 'Choose a delivery option.',
      lineId: null,
    });
  return problems;
}

function lineProblems(line: CartLine, current: CurrentVariant, available: number | null, currency: string): Problem[] {
  const problem = (code: ProblemCode, message: string): Problem => ({ code, message, lineId: line.id });
  const name = line.seen.productName;
  if (current.kind === 'not-sold') return [problem('VARIANT_UNAVAILABLE', `${name} is no longer sold.`)];
  if (current.kind === 'sold' && current.variant.unitPrice.currency !== currency)
    return [problem('VARIANT_UNAVAILABLE', `${name} is not sold in ${currency} any more.`)];
  const problems: Problem[] = [];
  if (current.kind === 'sold' && !equalAmounts(current.variant.unitPrice, line.seen.unitPrice))
    problems.push(problem('PRICE_CHANGED', `The price of ${name} has changed.`));
  if (available !== null && available < line.quantity)
    problems.push(problem('INSUFFICIENT_STOCK', available > 0 ? `There is not enough of ${name}.` : `${name} is sold out.`));
  return problems;
}
