import { pageRequest, toPage, type Page } from '@shop/platform/connection';
import { badUserInput } from '@shop/platform/graphql-errors';
import { batchedByRequest, batchedReference } from '@shop/platform/reference';
import { Scopes } from '@shop/platform/scopes';
import { proofOf } from '@shop/platform/proof';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { mayListOrdersOf, mayRead, shownActor } from './access.js';
import { OrdersUser, OrdersVariant } from './borrowed.js';
import type { OrdersContext } from './context.js';
import { verifyOrderToken } from './order-token.js';
import { Order, OrderConnection } from './order.entity.js';
import { OrderLine, OrderTimelineEntry } from './order-parts.js';
import { availableTransitions, OrderStatus } from './order.js';
import { findOrder, findOrders, orderCursor, pageOfOrders, shipmentsByOrder } from './order.store.js';
import { Shipment } from './shipment.entity.js';

const shipmentsOf = batchedByRequest<OrdersContext, Shipment[]>((orderIds, { db }) => shipmentsByOrder(db, orderIds));

@Resolver(() => Order)
export class OrderResolver {
  @Query(() => Order, { nullable: true, description: 'By exactly one of id and number; only for its owner or staff.' })
  async order(
    @Arg('id', () => ID, { nullable: true }) id: string | null | undefined,
    @Arg('number', () => String, { nullable: true }) number: string | null | undefined,
    @Ctx() { db, viewer }: OrdersContext,
  ): Promise<Order | null> {
    if ((id == null) === (number == null)) throw badUserInput('Give exactly one of id and number.');
    const [order] = await findOrders(db, { ids: id == null ? [] : [id], numbers: number == null ? [] : [number.trim().toUpperCase()] });
    return order && mayRead(viewer, order) ? order : null;
  }

  @Query(() => Order, { nullable: true })
  async orderByToken(
    @Arg('token', () => String) token: string,
    @Ctx() { db, services, orderTokenSecret }: OrdersContext,
  ): Promise<Order | null> {
    const verdict = verifyOrderToken(token, orderTokenSecret, services.clock.now());
    return verdict.kind === 'valid' ? findOrder(db, verdict.orderId) : null;
  }

  @Scopes('orders:read')
  @Query(() => OrderConnection, { description: 'Staff: all orders, newest first.' })
  orders(
    @Arg('status', () => OrderStatus, { nullable: true }) status: OrderStatus | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: OrdersContext,
  ): Promise<Page<Order>> {
    return connection(status == null ? {} : { status }, first, after, context);
  }

  @FieldResolver(() => [OrderStatus], { description: 'The steps that the state machine allows from here.' })
  availableTransitions(@Root() { status }: Order): OrderStatus[] {
    return availableTransitions(status);
  }

  @FieldResolver(() => [OrderTimelineEntry])
  timeline(@Root() order: Order, @Ctx() { viewer }: OrdersContext): OrderTimelineEntry[] {
    return order.timeline.map((entry) => Object.assign(new OrderTimelineEntry(), entry, { actor: shownActor(viewer, entry.actor, order) }));
  }

  @FieldResolver(() => OrdersUser, { nullable: true, description: 'Null for a guest.' })
  customer(@Root() { customerId }: Order): OrdersUser | null {
    return customerId === null ? null : { id: customerId };
  }

  @Directive('@inaccessible')
  @FieldResolver(() => String, { description: 'For our own subgraphs: the viewer was let in to this order, by whatever way.' })
  accessProof(@Root() { id }: Order, @Ctx() { orderTokenSecret }: OrdersContext): string {
    return proofOf(`order:${id}`, orderTokenSecret);
  }

  @Directive('@listSize(assumedSize: 2)')
  @FieldResolver(() => [Shipment])
  async shipments(@Root() { id }: Order, @Ctx() context: OrdersContext): Promise<Shipment[]> {
    return (await shipmentsOf(context).load(id)) ?? [];
  }
}

@Resolver(() => OrderLine)
export class OrderLineResolver {
  @FieldResolver(() => OrdersVariant, { nullable: true, description: 'The live variant; null when it no longer exists.' })
  variant(@Root() { sku }: OrderLine): OrdersVariant {
    return { sku };
  }
}

@Resolver(() => OrdersUser)
export class UserOrdersResolver {
  @FieldResolver(() => OrderConnection, { nullable: true, description: 'Newest first; only for the person themselves and staff.' })
  async orders(
    @Root() { id }: OrdersUser,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: OrdersContext,
  ): Promise<Page<Order> | null> {
    return mayListOrdersOf(context.viewer, id) ? connection({ customerId: id }, first, after, context) : null;
  }
}

type OrderKey = { id: string } | { number: string };

/** Finds orders for other subgraphs, by either key; one that the viewer may not read is as good as missing. */
export const orderReference = batchedReference<OrderKey, OrdersContext, Order>(
  (key) => ('id' in key ? `id ${key.id}` : `number ${key.number}`),
  async (keys, { db, viewer }) => {
    const of = (kind: string) => keys.filter((key) => key.startsWith(kind)).map((key) => key.slice(kind.length));
    const found = await findOrders(db, { ids: of('id '), numbers: of('number ') });
    const visible = found.filter((order) => mayRead(viewer, order));
    return new Map(visible.flatMap((order) => [[`id ${order.id}`, order] as const, [`number ${order.number}`, order] as const]));
  },
);

async function connection(
  filter: { status?: OrderStatus; customerId?: string },
  first: number | null,
  after: string | null | undefined,
  { db }: OrdersContext,
): Promise<Page<Order>> {
  const page = pageRequest(orderCursor, first, after);
  return toPage(await pageOfOrders(db, filter, page), page, ({ placedAt, id }) => [placedAt, id]);
}
