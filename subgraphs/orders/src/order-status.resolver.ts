import { badUserInput } from '@shop/platform/graphql-errors';
import { Arg, Field, ID, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { OrdersContext } from './context.js';
import { followOrder, type OrderStep } from './follow-order.js';
import { Order } from './order.entity.js';
import { OrderStatus } from './order.js';

@ObjectType({ description: 'One step of one order. The rest of the selection, over all subgraphs, is resolved for every event.' })
export class OrderStatusEvent {
  @Field(() => Int, { description: 'Pass the last one seen as afterRevision to resume without a gap.' })
  revision!: number;

  @Field(() => OrderStatus)
  status!: OrderStatus;

  @Field(() => Date)
  at!: string;

  @Field(() => String)
  message!: string;

  @Field(() => Order)
  order!: Order;
}

@Resolver()
export class OrderStatusResolver {
  @Subscription(() => OrderStatusEvent, {
    description: `Every step of one order, for its owner, its guest token or staff. Starts with the steps after
\`afterRevision\` (0: all so far; left out: only the current one), then live; nothing is lost over a reconnect.`,
    // What is declared here is an AsyncIterable; graphql awaits a promise of one as well, so that a refusal is an answer, not a broken stream.
    subscribe: ({ args, context }: { args: { orderId: string; afterRevision?: number | null }; context: OrdersContext }) => {
      const after = args.afterRevision ?? null;
      if (after !== null && after < 0) throw badUserInput('afterRevision must not be negative.');
      return followOrder(args.orderId, after, context);
    },
  })
  orderStatusChanged(
    @Root() { entry, order }: OrderStep,
    @Arg('orderId', () => ID) _orderId: string,
    @Arg('afterRevision', () => Int, { nullable: true }) _afterRevision: number | null,
  ): OrderStatusEvent {
    const { revision, status, at, message } = entry;
    return { revision, status, at, message, order };
  }
}
