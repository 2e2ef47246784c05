export const ShipmentStatus = {
  CREATED: 'CREATED',
  IN_TRANSIT: 'IN_TRANSIT',
  OUT_FOR_DELIVERY: 'OUT_FOR_DELIVERY',
  DELIVERED: 'DELIVERED',
  FAILED: 'FAILED',
} as const;

export type ShipmentStatus = (typeof ShipmentStatus)[keyof typeof ShipmentStatus];

/** A parcel may be scanned several times in one state; a failed one may be sent on its way again. */
export const SHIPMENT_TRANSITIONS: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = {
  CREATED: ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'FAILED'],
  IN_TRANSIT: ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'FAILED'],
  OUT_FOR_DELIVERY: ['OUT_FOR_DELIVERY', 'IN_TRANSIT', 'DELIVERED', 'FAILED'],
  FAILED: ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED'],
  DELIVERED: [],
};

export interface ShippedQuantity {
  orderLineId: string;
  quantity: number;
}

export type ShipmentPlan =
  | { kind: 'planned'; lines: ShippedQuantity[]; isPartial: boolean }
  | { kind: 'invalid'; fields: { path: string[]; message: string }[] };

/**
 * Which quantities a new parcel holds. `requested` null: everything that no earlier parcel holds. `isPartial` says that something stays
 * behind. Invalid when a line is not of this order, comes twice, or asks for more than is left.
 */
export function planShipment(
  orderLines: readonly { id: string; quantity: number }[],
  shipped: readonly ShippedQuantity[],
  requested: readonly ShippedQuantity[] | null,
): ShipmentPlan {
  const left = quantitiesLeft(orderLines, shipped);
  const lines = requested ?? [...left].filter(([, quantity]) => quantity > 0).map(([orderLineId, quantity]) => ({ orderLineId, quantity }));
  const fields = lines.flatMap((line, index) => faultsOf(line, index, lines, left));
  if (lines.length === 0) fields.push({ path: ['lines'], message: 'nothing to ship' });
  if (fields.length > 0) return { kind: 'invalid', fields };
  const leftAfter = quantitiesLeft(orderLines, [...shipped, ...lines]);
  return { kind: 'planned', lines: [...lines], isPartial: [...leftAfter.values()].some((quantity) => quantity > 0) };
}

export type TrackingStep =
  | { kind: 'recorded' }
  /** The carrier told the same again: nothing to record. */
  | { kind: 'repeated' }
  | { kind: 'illegal'; allowed: ShipmentStatus[] };

export interface TrackingNote {
  status: ShipmentStatus;
  location: string | null;
  message: string;
}

/** What a carrier's message does to a parcel whose last message was `last`. */
export function trackingStep(current: ShipmentStatus, last: TrackingNote | null, next: TrackingNote): TrackingStep {
  const isSame = last?.status === next.status && last.location === next.location && last.message === next.message;
  if (isSame || (current === 'DELIVERED' && next.status === 'DELIVERED')) return { kind: 'repeated' };
  const allowed = SHIPMENT_TRANSITIONS[current];
  return allowed.includes(next.status) ? { kind: 'recorded' } : { kind: 'illegal', allowed: [...allowed] };
}

function quantitiesLeft(orderLines: readonly { id: string; quantity: number }[], shipped: readonly ShippedQuantity[]): Map<string, number> {
  const left = new Map(orderLines.map(({ id, quantity }) => [id, quantity]));
  for (const { orderLineId, quantity } of shipped) left.set(orderLineId, (left.get(orderLineId) ?? 0) - quantity);
  return left;
}

function faultsOf(
  { orderLineId, quantity }: ShippedQuantity,
  index: number,
  lines: readonly ShippedQuantity[],
  left: ReadonlyMap<string, number>,
): { path: string[]; message: string }[] {
  const path = ['lines', String(index)];
  const available = left.get(orderLineId);
  if (available === undefined) return [{ path: [...path, 'orderLineId'], message: 'is no line of this order' }];
  if (lines.findIndex((line) => line.orderLineId === orderLineId) !== index)
    return [{ path: [...path, 'orderLineId'], message: 'is named twice' }];
  if (!Number.isInteger(quantity) || quantity < 1) return [{ path: [...path, 'quantity'], message: 'must be at least 1' }];
  if (quantity > available) return [{ path: [...path, 'quantity'], message: `only ${available} left to ship` }];
  return [];
}
