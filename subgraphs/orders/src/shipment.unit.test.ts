import { describe, expect, test } from 'vitest';
import { planShipment, SHIPMENT_TRANSITIONS, ShipmentStatus, trackingStep } from './shipment.js';

const lines = [
  { id: 'a', quantity: 3 },
  { id: 'b', quantity: 1 },
];

describe('planning a parcel', () => {
  test('without lines it holds everything that is left', () => {
    expect(planShipment(lines, [], null)).toEqual({
      kind: 'planned',
      lines: [
        { orderLineId: 'a', quantity: 3 },
        { orderLineId: 'b', quantity: 1 },
      ],
      isPartial: false,
    });
    expect(planShipment(lines, [{ orderLineId: 'a', quantity: 2 }], null)).toEqual({
      kind: 'planned',
      lines: [
        { orderLineId: 'a', quantity: 1 },
        { orderLineId: 'b', quantity: 1 },
      ],
      isPartial: false,
    });
  });

  test('is partial while something stays behind', () => {
    expect(planShipment(lines, [], [{ orderLineId: 'a', quantity: 3 }])).toMatchObject({ kind: 'planned', isPartial: true });
    expect(planShipment(lines, [{ orderLineId: 'b', quantity: 1 }], [{ orderLineId: 'a', quantity: 3 }])).toMatchObject({
      isPartial: false,
    });
  });

  test('refuses more than is left, foreign lines, doubles, zero and nothing', () => {
    const fault = (requested: { orderLineId: string; quantity: number }[], shipped: { orderLineId: string; quantity: number }[] = []) => {
      const plan = planShipment(lines, shipped, requested);
      return plan.kind === 'invalid' ? plan.fields.map(({ path }) => path.join('.')) : plan.kind;
    };
    expect(fault([{ orderLineId: 'a', quantity: 4 }])).toEqual(['lines.0.quantity']);
    expect(fault([{ orderLineId: 'a', quantity: 2 }], [{ orderLineId: 'a', quantity: 2 }])).toEqual(['lines.0.quantity']);
    expect(fault([{ orderLineId: 'x', quantity: 1 }])).toEqual(['lines.0.orderLineId']);
    expect(fault([{ orderLineId: 'b', quantity: 0 }])).toEqual(['lines.0.quantity']);
    expect(
      fault([
        { orderLineId: 'a', quantity: 1 },
        { orderLineId: 'a', quantity: 1 },
      ]),
    ).toEqual(['lines.1.orderLineId']);
    expect(fault([])).toEqual(['lines']);
  });
});

describe('tracking', () => {
  const note = (status: ShipmentStatus, message = 'scan') => ({ status, location: null, message });

  test('the same message again changes nothing', () => {
    expect(trackingStep('IN_TRANSIT', note('IN_TRANSIT'), note('IN_TRANSIT'))).toEqual({ kind: 'repeated' });
    expect(trackingStep('DELIVERED', note('DELIVERED', 'at the door'), note('DELIVERED', 'again'))).toEqual({ kind: 'repeated' });
  });

  test('another scan in the same state is recorded', () => {
    expect(trackingStep('IN_TRANSIT', note('IN_TRANSIT', 'Hamburg'), note('IN_TRANSIT', 'Berlin'))).toEqual({ kind: 'recorded' });
  });

  for (const from of Object.values(ShipmentStatus))
    for (const to of Object.values(ShipmentStatus)) {
      const allowed = SHIPMENT_TRANSITIONS[from];
      if (from === 'DELIVERED' && to === 'DELIVERED') continue;
      test(`${from} ${allowed.includes(to) ? 'may become' : 'never becomes'} ${to}`, () => {
        expect(trackingStep(from, null, note(to))).toEqual(allowed.includes(to) ? { kind: 'recorded' } : { kind: 'illegal', allowed });
      });
    }
});
