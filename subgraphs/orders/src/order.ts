/** Every state of an order, as the API and the database name it. */
export const OrderStatus = {
  PLACED: 'PLACED',
  CONFIRMED: 'CONFIRMED',
  PARTIALLY_SHIPPED: 'PARTIALLY_SHIPPED',
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  CANCELLED: 'CANCELLED',
  REJECTED: 'REJECTED',
  RETURNED: 'RETURNED',
} as const;

export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];

export const FIRST_STATUS: OrderStatus = 'PLACED';

/** The whole life of an order. A state without a way out is terminal. */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PLACED: ['CONFIRMED', 'REJECTED', 'CANCELLED'],
  CONFIRMED: ['PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELLED'],
  PARTIALLY_SHIPPED: ['SHIPPED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: ['RETURNED'],
  CANCELLED: [],
  REJECTED: [],
  RETURNED: [],
};

/** One step in the life of an order, kept for good. The first one is PLACED with revision 1. */
export interface TimelineEntry {
  /** Rises by one with every status change. */
  revision: number;
  /** ISO 8601, UTC. */
  at: string;
  status: OrderStatus;
  /** For people. */
  message: string;
  /** Who did it: `user:<id>`, `guest`, `partner:<id>`, `service:<name>`, or `shop` for the checkout process. */
  actor: string;
}

/** The actor of what the shop does by itself. */
export const SHOP_ACTOR = 'shop';

export type Transition =
  | { kind: 'allowed' }
  /** Already there: nothing to do, nothing to record. */
  | { kind: 'unchanged' }
  | { kind: 'illegal'; from: OrderStatus; to: OrderStatus; allowed: OrderStatus[] };

/** May an order go from `from` to `to`? */
export function transition(from: OrderStatus, to: OrderStatus): Transition {
  if (ORDER_TRANSITIONS[from].includes(to)) return { kind: 'allowed' };
  if (from === to) return { kind: 'unchanged' };
  return { kind: 'illegal', from, to, allowed: availableTransitions(from) };
}

/** The states that can follow, none for a terminal one. */
export function availableTransitions(from: OrderStatus): OrderStatus[] {
  return [...ORDER_TRANSITIONS[from]];
}

/** The states from which `to` can be reached in one step. */
export function sourcesOf(to: OrderStatus): OrderStatus[] {
  return Object.values(OrderStatus).filter((from) => ORDER_TRANSITIONS[from].includes(to));
}

export function isTerminal(status: OrderStatus): boolean {
  return ORDER_TRANSITIONS[status].length === 0;
}
