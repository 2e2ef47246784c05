/** An order as the carrier sees it. */
export interface ParcelOrder {
  id: string;
  placedAt: string;
  timeline: readonly { at: string; status: string }[];
  shipments: readonly { id: string; status: string; events: readonly { at: string }[] }[];
}

export type CarrierStep =
  | { kind: 'ship'; orderId: string }
  | { kind: 'report'; shipmentId: string; status: 'IN_TRANSIT' | 'OUT_FOR_DELIVERY' | 'DELIVERED'; location: string; message: string };

/** How long an order or parcel stays in a state before the next step. Together below 30 s, so that a visitor sees the whole way. */
const pauseMs = { CONFIRMED: 3_000, CREATED: 5_000, IN_TRANSIT: 7_000, OUT_FOR_DELIVERY: 7_000 };

/** Orders older than this are left as they are: the sample orders shall keep their states. */
export const CARRIER_MAX_AGE_MS = 15 * 60_000;

/** What the carrier does next with an order, if anything is due at `now`. */
export function nextCarrierStep(order: ParcelOrder, now: Date): CarrierStep | null {
  if (now.getTime() - Date.parse(order.placedAt) > CARRIER_MAX_AGE_MS) return null;
  const since = (instant: string | undefined) => (instant ? now.getTime() - Date.parse(instant) : 0);
  const lastStep = order.timeline.at(-1);
  const [shipment] = order.shipments;
  if (!shipment)
    return lastStep?.status === 'CONFIRMED' && since(lastStep.at) >= pauseMs.CONFIRMED ? { kind: 'ship', orderId: order.id } : null;
  const waited = since(shipment.events.at(-1)?.at ?? lastStep?.at);
  switch (shipment.status) {
    case 'CREATED':
      return waited < pauseMs.CREATED
        ? null
        : {
            kind: 'report',
            shipmentId: shipment.id,
            status: 'IN_TRANSIT',
            location: 'Leipzig',
            message: 'The parcel is in the sorting centre.',
          };
    case 'IN_TRANSIT':
      return waited < pauseMs.IN_TRANSIT
        ? null
        : {
            kind: 'report',
            shipmentId: shipment.id,
            status: 'OUT_FOR_DELIVERY',
            location: 'Berlin',
            message: 'The parcel is in the delivery van.',
          };
    case 'OUT_FOR_DELIVERY':
      return waited < pauseMs.OUT_FOR_DELIVERY
        ? null
        : { kind: 'report', shipmentId: shipment.id, status: 'DELIVERED', location: 'Berlin', message: 'The parcel was handed over.' };
    default:
      return null;
  }
}
