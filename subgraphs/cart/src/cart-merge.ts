import { MAX_LINES, MAX_QUANTITY, type CartLine, type CartState, type Decision } from './cart.js';

export type MergePolicy = 'SUM' | 'MAX' | 'KEEP_GUEST' | 'KEEP_USER';

/**
 * A person's cart after a guest's cart was taken over. SUM and MAX keep the lines of both and settle the quantity of a SKU that is in
 * both (at most 999); the KEEP policies take the lines of one cart. An address or delivery that the leading cart lacks comes from the
 * other. Rejected when both together have too many lines; nothing is dropped silently.
 */
export function mergeCarts(own: CartState, guest: CartState, policy: MergePolicy): Decision {
  const [leading, other] = policy === 'KEEP_GUEST' ? [guest, own] : [own, guest];
  const lines = mergedLines(own.lines, guest.lines, policy);
  if (lines.length > MAX_LINES)
    return {
      kind: 'rejected',
      faults: [{ path: ['guestCartId'], message: `Together the carts have ${lines.length} lines; a cart holds at most ${MAX_LINES}.` }],
    };
  return {
    kind: 'changed',
    state: {
      lines,
      shippingAddress: leading.shippingAddress ?? other.shippingAddress,
      deliveryOptionCode: leading.deliveryOptionCode ?? other.deliveryOptionCode,
    },
  };
}

function mergedLines(own: readonly CartLine[], guest: readonly CartLine[], policy: MergePolicy): CartLine[] {
  switch (policy) {
    case 'KEEP_USER':
      return [...own];
    case 'KEEP_GUEST':
      return [...guest];
    case 'SUM':
      return united(own, guest, (a, b) => Math.min(a + b, MAX_QUANTITY));
    case 'MAX':
      return united(own, guest, Math.max);
    default:
      return policy satisfies never;
  }
}

/** The guest's line is the one written later, so its price is the one that was seen last. */
function united(own: readonly CartLine[], guest: readonly CartLine[], settle: (a: number, b: number) => number): CartLine[] {
  const ofGuest = new Map(guest.map((line) => [line.sku, line]));
  const known = new Set(own.map(({ sku }) => sku));
  const both = own.map((line) => {
    const match = ofGuest.get(line.sku);
    return match ? { ...line, quantity: settle(line.quantity, match.quantity), seen: match.seen } : line;
  });
  return [...both, ...guest.filter(({ sku }) => !known.has(sku))];
}
