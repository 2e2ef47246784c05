import { describe, expect, test } from 'vitest';
import { availableTransitions, FIRST_STATUS, isTerminal, ORDER_TRANSITIONS, OrderStatus, sourcesOf, transition } from './order.js';

const statuses = Object.values(OrderStatus);

const allowed = new Set([
  'PLACED>CONFIRMED',
  'PLACED>REJECTED',
  'PLACED>CANCELLED',
  'CONFIRMED>PARTIALLY_SHIPPED',
  'CONFIRMED>SHIPPED',
  'CONFIRMED>CANCELLED',
  'PARTIALLY_SHIPPED>SHIPPED',
  'SHIPPED>DELIVERED',
  'DELIVERED>RETURNED',
]);

describe('the table of order states', () => {
  test('names every state once and only states that exist', () => {
    expect(Object.keys(ORDER_TRANSITIONS).toSorted()).toEqual(statuses.toSorted());
    for (const targets of Object.values(ORDER_TRANSITIONS)) {
      expect(new Set(targets).size).toBe(targets.length);
      for (const target of targets) expect(statuses).toContain(target);
    }
  });

  test('reaches every state from the first one', () => {
    const reached = new Set<OrderStatus>([FIRST_STATUS]);
    for (const status of reached) availableTransitions(status).forEach((next) => reached.add(next));
    expect([...reached].toSorted()).toEqual(statuses.toSorted());
  });

  test('ends in CANCELLED, REJECTED or RETURNED', () => {
    expect(statuses.filter(isTerminal)).toEqual(['CANCELLED', 'REJECTED', 'RETURNED']);
  });

  test('goes forward only: no state comes twice in a life', () => {
    const visit = (status: OrderStatus, before: readonly OrderStatus[]): void => {
      expect(before).not.toContain(status);
      availableTransitions(status).forEach((next) => visit(next, [...before, status]));
    };
    visit(FIRST_STATUS, []);
  });
});

const pairs = statuses.flatMap((from) => statuses.map((to) => [from, to] as const));

function expected(from: OrderStatus, to: OrderStatus): unknown {
  if (allowed.has(`${from}>${to}`)) return { kind: 'allowed' };
  return from === to ? { kind: 'unchanged' } : { kind: 'illegal', from, to, allowed: availableTransitions(from) };
}

describe('every pair of states', () => {
  test.each(pairs)('%s to %s is allowed, refused or nothing, as written down here', (from, to) => {
    expect(transition(from, to)).toEqual(expected(from, to));
  });

  test('is the same read backwards', () => {
    for (const to of statuses) expect(sourcesOf(to)).toEqual(statuses.filter((from) => allowed.has(`${from}>${to}`)));
  });
});
