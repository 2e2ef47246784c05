import type { Amount } from '@shop/platform/money';
import { Money } from '@shop/platform/value-types';
import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { CartLineNode, CartNode, CartProblem, CartTotals, CartVariant, DeliveryOption } from './cart-types.js';
import type { CartContext } from './context.js';
import type { DeliveryOffer } from './delivery.js';
import { priceCart, problemsIn, skusOf, type PricedCart, type PricedLine } from './pricing.js';
import type { Problem } from './problems.js';
import type { Totals } from './quote.js';

@Resolver(() => CartNode)
export class CartFields {
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [CartLineNode])
  lines(@Root() node: CartNode): CartLineNode[] {
    return node.cart.lines.map((line) =>
      Object.assign(new CartLineNode(), { cart: node, line, id: line.id, sku: line.sku, quantity: line.quantity }),
    );
  }

  @FieldResolver(() => CartTotals)
  async totals(@Root() node: CartNode, @Ctx() context: CartContext): Promise<Totals> {
    return (await pricedOnce(node, context)).totals;
  }

  @FieldResolver(() => DeliveryOption, { nullable: true })
  async deliveryOption(@Root() node: CartNode, @Ctx() context: CartContext): Promise<DeliveryOffer | null> {
    return (await pricedOnce(node, context)).deliveryOption;
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [DeliveryOption])
  async availableDeliveryOptions(@Root() node: CartNode, @Ctx() context: CartContext): Promise<DeliveryOffer[]> {
    return (await pricedOnce(node, context)).deliveryOptions;
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [CartProblem], {
    description: 'What stands between this cart and a checkout: a price that moved, a line that sold out, a missing address.',
  })
  async problems(@Root() node: CartNode, @Ctx() context: CartContext): Promise<Problem[]> {
    const [priced, available] = await Promise.all([pricedOnce(node, context), context.stock.available(skusOf(node.cart))]);
    return problemsIn(node.cart, priced, available);
  }
}

@Resolver(() => CartLineNode)
export class CartLineFields {
  @FieldResolver(() => CartVariant, { nullable: true, description: 'null when it is no longer sold, which is also a problem of the cart.' })
  async variant(@Root() node: CartLineNode, @Ctx() context: CartContext): Promise<CartVariant | null> {
    const { current } = await pricedLine(node, context);
    return current.kind === 'not-sold' ? null : { sku: node.sku };
  }

  @FieldResolver(() => Money)
  async unitPrice(@Root() node: CartLineNode, @Ctx() context: CartContext): Promise<Amount> {
    return (await pricedLine(node, context)).variant.unitPrice;
  }

  @FieldResolver(() => Money)
  async lineTotal(@Root() node: CartLineNode, @Ctx() context: CartContext): Promise<Amount> {
    return (await pricedLine(node, context)).lineTotal;
  }
}

function pricedOnce(node: CartNode, context: CartContext): Promise<PricedCart> {
  return (node.priced ??= priceCart(node.cart, context, context));
}

async function pricedLine({ cart, line }: CartLineNode, context: CartContext): Promise<PricedLine> {
  const priced = (await pricedOnce(cart, context)).lines.find((candidate) => candidate.line === line);
  if (!priced) throw new Error('A line of another cart.');
  return priced;
}
