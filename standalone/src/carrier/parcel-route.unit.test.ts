import { describe, expect, it } from 'vitest';
import { CARRIER_MAX_AGE_MS, nextCarrierStep, type ParcelOrder } from './parcel-route.js';

const start = new Date('2026-01-01T10:00:00Z');
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const confirmed: ParcelOrder = {
  id: 'o1',
  placedAt: start.toISOString(),
  timeline: [{ at: start.toISOString(), status: 'CONFIRMED' }],
  shipments: [],
};
const parcel = (status: string, seconds: number): ParcelOrder => ({
  ...confirmed,
  shipments: [{ id: 's1', status, events: [{ at: at(seconds).toISOString() }] }],
});

describe('the demo carrier', () => {
  it('waits a little, then ships', () => {
    expect(nextCarrierStep(confirmed, at(1))).toBeNull();
    expect(nextCarrierStep(confirmed, at(3))).toEqual({ kind: 'ship', orderId: 'o1' });
  });

  it('brings a parcel from the shop to the door within 40 seconds of the confirmation', () => {
    let order = confirmed;
    const seen: string[] = [];
    for (let second = 0; second <= 40; second++) {
      const step = nextCarrierStep(order, at(second));
      if (!step) continue;
      seen.push(step.kind === 'ship' ? 'CREATED' : step.status);
      order = parcel(seen.at(-1) ?? '', second);
    }
    expect(seen).toEqual(['CREATED', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED']);
  });

  it('leaves old orders and orders that wait for something else alone', () => {
    expect(nextCarrierStep(confirmed, new Date(start.getTime() + CARRIER_MAX_AGE_MS + 1))).toBeNull();
    expect(nextCarrierStep({ ...confirmed, timeline: [{ at: start.toISOString(), status: 'PLACED' }] }, at(60))).toBeNull();
    expect(nextCarrierStep(parcel('DELIVERED', 0), at(60))).toBeNull();
  });
});
