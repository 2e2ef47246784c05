import { Money } from '@shop/platform/value-types';
import { proves } from '@shop/platform/proof';
import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { PaymentsOrder } from './borrowed.js';
import type { PaymentsContext } from './context.js';
import { PaymentEntity } from './payment.entity.js';
import { maySee, paymentOfOrder } from './payment.reader.js';

@Resolver(() => PaymentEntity)
export class PaymentResolver {
  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: PaymentEntity): Money {
    return money(amountMinor, currency);
  }

  @FieldResolver(() => Money)
  capturedAmount(@Root() { capturedMinor, currency }: PaymentEntity): Money {
    return money(capturedMinor, currency);
  }

  @FieldResolver(() => Money)
  refundedAmount(@Root() { refundedMinor, currency }: PaymentEntity): Money {
    return money(refundedMinor, currency);
  }

  @FieldResolver(() => PaymentsOrder, { nullable: true })
  order(@Root() { orderId }: PaymentEntity): PaymentsOrder {
    return Object.assign(new PaymentsOrder(), { id: orderId });
  }
}

@Resolver(() => PaymentsOrder)
export class PaymentsOrderResolver {
  @Directive('@requires(fields: "accessProof")')
  @FieldResolver(() => PaymentEntity, { nullable: true, description: 'From payments.' })
  async payment(@Root() { id, accessProof }: PaymentsOrder, @Ctx() context: PaymentsContext): Promise<PaymentEntity | null> {
    const payment = await paymentOfOrder(context).load(id);
    if (!payment) return null;
    const isProved = accessProof !== undefined && proves(accessProof, `order:${id}`, context.orderTokenSecret);
    return isProved || maySee(context.viewer, payment) ? payment : null;
  }
}

function money(amountMinor: number, currency: string): Money {
  return Object.assign(new Money(), { amountMinor, currency });
}
