import { Money, PostalAddress } from '@shop/platform/value-types';
import type { Amount } from '@shop/platform/money';
import { Arg, Ctx, Directive, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { CartAddress } from './cart.js';
import { CartProblem, CartTotals, DeliveryOption } from './cart-types.js';
import type { CartContext } from './context.js';
import type { DeliveryOffer } from './delivery.js';
import { readableCart } from './edit-cart.js';
import { priceForCheckout, problemsIn, skusOf, type PricedLine } from './pricing.js';
import type { Problem } from './problems.js';
import type { Totals } from './quote.js';

@Directive('@inaccessible')
@ObjectType()
export class CartQuoteLine {
  @Field(() => ID)
  lineId!: string;

  @Field(() => String)
  sku!: string;

  @Field(() => String)
  productName!: string;

  @Field(() => String)
  variantName!: string;

  @Field(() => Int)
  quantity!: number;

  @Field(() => Money)
  unitPrice!: Amount;

  @Field(() => Money)
  lineTotal!: Amount;
}

/** A cart as a checkout needs it: everything that an order keeps of it. */
@Directive('@inaccessible')
@ObjectType()
export class CartQuote {
  @Field(() => ID)
  cartId!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => ID, { nullable: true })
  customerId!: string | null;

  @Field(() => [CartQuoteLine])
  lines!: CartQuoteLine[];

  @Field(() => CartTotals)
  totals!: Totals;

  @Field(() => PostalAddress, { nullable: true })
  shippingAddress!: CartAddress | null;

  @Field(() => DeliveryOption, { nullable: true })
  deliveryOption!: DeliveryOffer | null;

  @Field(() => [CartProblem])
  problems!: Problem[];
}

@Resolver()
export class CartQuoteResolver {
  @Directive('@inaccessible')
  @Query(() => CartQuote, { nullable: true, description: 'For the checkout: the cart at the prices of this moment.' })
  async cartQuote(@Arg('cartId', () => ID) cartId: string, @Ctx() context: CartContext): Promise<CartQuote | null> {
    const cart = await readableCart(context, cartId);
    if (!cart) return null;
    const [priced, available] = await Promise.all([priceForCheckout(cart, context, context), context.stock.available(skusOf(cart))]);
    return {
      cartId: cart.id,
      version: cart.version,
      customerId: cart.customerId,
      lines: priced.lines.map(quoteLine),
      totals: priced.totals,
      shippingAddress: cart.shippingAddress,
      deliveryOption: priced.deliveryOption,
      problems: problemsIn(cart, priced, available),
    };
  }
}

function quoteLine({ line, variant, lineTotal }: PricedLine): CartQuoteLine {
  const { productName, variantName, unitPrice } = variant;
  return { lineId: line.id, sku: line.sku, productName, variantName, quantity: line.quantity, unitPrice, lineTotal };
}
