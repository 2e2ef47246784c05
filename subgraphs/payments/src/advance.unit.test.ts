import { describe, expect, test } from 'vitest';
import { advance } from './advance.js';
import { decideRefund } from './refund.js';
import { refundableMinor, refundedMinor, type Booking, type Fact, type News, type NextCall, type Payment } from './payment.js';
import { PaymentStatus, transitions } from './payment-status.js';

const created: Payment = {
  id: 'p',
  status: 'CREATED',
  amount: { amountMinor: 1000, currency: 'EUR' },
  capturedMinor: 0,
  refunds: [],
  voidReason: null,
  providerId: null,
  method: null,
  nextActionUrl: null,
  decline: null,
};

const providerId = 'pi_1';
const visa = { brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2034 };
const authorized: News = { kind: 'authorized', providerId, method: visa };
const actionRequired: News = { kind: 'action-required', providerId, nextActionUrl: 'https://bank.test/3ds' };
const declined: News = { kind: 'declined', providerId, code: 'generic_decline', message: 'No.', method: null };
const captured: News = { kind: 'captured', providerId, amountMinor: 1000, method: visa };
const voided: News = { kind: 'voided', providerId };
const failed: News = { kind: 'failed', code: 'refused', message: 'Bad request.' };
const wantVoid: News = { kind: 'void-requested', reason: 'cancelled', isUnsent: false };
const wantCapture: News = { kind: 'capture-requested' };
const wantRefund = (refundId: string, amountMinor: number): News => ({
  kind: 'refund-requested',
  refundId,
  amountMinor,
  reason: 'damaged',
});
const refunded = (refundId: string, amountMinor: number): News => ({
  kind: 'refunded',
  refundId,
  providerRefundId: `re_${refundId}`,
  amountMinor,
});
const refused = (refundId: string): News => ({ kind: 'refund-refused', refundId });

interface Story {
  payment: Payment;
  facts: Fact[];
  bookings: Booking[];
  calls: NextCall[];
}

function tell(...news: News[]): Story {
  return news.reduce<Story>(
    (story, item) => {
      const step = advance(story.payment, item);
      if (step.kind === 'ignored') return { ...story, payment: step.payment };
      return {
        payment: step.payment,
        facts: [...story.facts, ...step.facts],
        bookings: [...story.bookings, ...step.bookings],
        calls: [...story.calls, ...step.calls],
      };
    },
    { payment: created, facts: [], bookings: [], calls: [] },
  );
}

const statusAfter = (...news: News[]) => tell(...news).payment.status;
const factsAfter = (...news: News[]) => tell(...news).facts.map(({ kind }) => kind);
const callsAfter = (...news: News[]) => tell(...news).calls.map(({ kind }) => kind);
const ignoredReason = (before: News[], news: News) => {
  const step = advance(tell(...before).payment, news);
  return step.kind === 'ignored' ? step.reason : 'advanced';
};

describe('the table', () => {
  test('has a row for every state and leads only to states', () => {
    const states = Object.values(PaymentStatus);
    expect(Object.keys(transitions).toSorted()).toEqual(states.toSorted());
    for (const to of Object.values(transitions).flat()) expect(states).toContain(to);
  });

  test('every news in every state either moves along the table or changes no status', () => {
    const everyNews = [
      authorized,
      actionRequired,
      declined,
      failed,
      captured,
      voided,
      wantVoid,
      wantCapture,
      wantRefund('r', 400),
      refunded('r', 400),
      refused('r'),
    ];
    const reached = [
      [],
      [actionRequired],
      [authorized],
      [authorized, captured],
      [authorized, captured, wantRefund('a', 300), refunded('a', 300)],
      [authorized, captured, wantRefund('a', 1000), refunded('a', 1000)],
      [authorized, voided],
      [declined],
      [failed],
    ];
    expect(new Set(reached.map((news) => statusAfter(...news))).size).toBe(Object.keys(PaymentStatus).length);
    for (const before of reached) {
      for (const news of everyNews) {
        const { payment } = tell(...before, news);
        expect(refundedMinor(payment)).toBeLessThanOrEqual(payment.capturedMinor);
        expect(payment.capturedMinor).toBeLessThanOrEqual(1000);
      }
    }
  });
});

describe('authorisation', () => {
  test('is told once, with the card', () => {
    const story = tell(authorized, authorized);
    expect(story).toMatchObject({
      payment: { status: 'AUTHORIZED', providerId, method: visa },
      facts: [{ kind: 'authorized' }],
      bookings: [],
    });
  });

  test('waits for the buyer where the issuer wants a confirmation', () => {
    expect(tell(actionRequired)).toMatchObject({
      payment: { status: 'REQUIRES_ACTION', nextActionUrl: 'https://bank.test/3ds' },
      facts: [{ kind: 'action-required' }],
    });
    expect(tell(actionRequired, authorized).payment).toMatchObject({ status: 'AUTHORIZED', nextActionUrl: null });
    expect(statusAfter(actionRequired, declined)).toBe('DECLINED');
  });

  test('a late call for confirmation does not move back', () => {
    expect(statusAfter(authorized, actionRequired)).toBe('AUTHORIZED');
    expect(statusAfter(declined, actionRequired)).toBe('DECLINED');
  });

  test('a decline and a refused request are both told as declined', () => {
    expect(tell(declined)).toMatchObject({
      payment: { status: 'DECLINED', decline: { code: 'generic_decline' } },
      facts: [{ kind: 'declined' }],
    });
    expect(tell(failed)).toMatchObject({ payment: { status: 'FAILED' }, facts: [{ kind: 'declined', code: 'refused' }] });
  });

  test('an authorisation after the end is let go', () => {
    expect(callsAfter(declined, authorized)).toEqual(['void']);
    expect(callsAfter(failed, authorized)).toEqual(['void']);
  });

  test('late news still tell the card', () => {
    expect(tell({ kind: 'authorized', providerId, method: null }, authorized).payment.method).toEqual(visa);
  });
});

describe('capture', () => {
  test('needs an authorisation', () => {
    expect(ignoredReason([], wantCapture)).toBe('not-authorized');
    expect(ignoredReason([declined], wantCapture)).toBe('not-authorized');
    expect(callsAfter(authorized, wantCapture)).toEqual(['capture']);
  });

  test('is booked once, balanced', () => {
    const { bookings, facts } = tell(authorized, captured, captured);
    expect(bookings.map(({ id }) => id)).toEqual(['capture:p']);
    expect(bookings[0]?.entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
    expect(facts.map(({ kind }) => kind)).toEqual(['authorized', 'captured']);
  });

  test('a second one changes nothing', () => {
    expect(ignoredReason([authorized, captured], wantCapture)).toBe('nothing-new');
  });

  test('is not begun once the payment has to be undone', () => {
    expect(ignoredReason([authorized, wantVoid], wantCapture)).toBe('void-requested-before');
  });
});

describe('void', () => {
  test('lets an authorisation go', () => {
    expect(callsAfter(authorized, wantVoid)).toEqual(['void']);
    expect(tell(authorized, wantVoid, voided).facts.at(-1)).toEqual({ kind: 'voided', reason: 'cancelled' });
  });

  test('of what was never sent is over at once', () => {
    expect(tell({ ...wantVoid, isUnsent: true })).toMatchObject({ payment: { status: 'VOIDED' }, facts: [{ kind: 'voided' }], calls: [] });
  });

  test('waits for an answer that is under way, and lets that authorisation go untold', () => {
    expect(tell(wantVoid)).toMatchObject({ payment: { status: 'CREATED' }, facts: [], calls: [] });
    expect(tell(wantVoid, authorized)).toMatchObject({ facts: [], calls: [{ kind: 'void' }] });
    expect(tell(wantVoid, actionRequired)).toMatchObject({ facts: [], calls: [{ kind: 'void' }] });
    expect(factsAfter(wantVoid, declined)).toEqual(['declined', 'voided']);
  });

  test('an authorisation that appears after an unsent void is let go', () => {
    expect(callsAfter({ ...wantVoid, isUnsent: true }, authorized)).toEqual(['void']);
  });

  test('a late authorisation after a confirmed void is only late', () => {
    expect(callsAfter(authorized, wantVoid, voided, authorized)).toEqual(['void']);
  });

  test('gives back what is captured', () => {
    const story = tell(authorized, captured, wantVoid);
    expect(story.calls).toEqual([{ kind: 'refund', refundId: 'p:void' }]);
    expect(statusAfter(authorized, captured, wantVoid, refunded('p:void', 1000))).toBe('REFUNDED');
  });

  test('a capture that wins the race is given back', () => {
    expect(callsAfter(authorized, wantVoid, captured)).toEqual(['void', 'refund']);
  });

  test('money that was taken after the end is given back', () => {
    for (const end of [voided, declined, failed]) expect(callsAfter(end, captured)).toEqual(['refund']);
  });

  test('gives back only what no refund has', () => {
    const story = tell(authorized, captured, wantRefund('r', 300), wantVoid);
    expect(story.payment.refunds).toMatchObject([
      { id: 'r', amountMinor: 300 },
      { id: 'p:void', amountMinor: 700 },
    ]);
  });

  test('is answered once wherever the payment is', () => {
    expect(factsAfter(declined, wantVoid, wantVoid)).toEqual(['declined', 'voided']);
    expect(factsAfter(authorized, voided, wantVoid)).toEqual(['authorized', 'voided', 'voided']);
    const all = tell(authorized, captured, wantRefund('r', 1000), refunded('r', 1000), wantVoid);
    expect(all.facts.at(-1)).toEqual({ kind: 'refunded', amountMinor: 0, reason: 'cancelled' });
  });

  test('an authorisation that ends at the provider by itself is told', () => {
    expect(factsAfter(authorized, voided)).toEqual(['authorized', 'voided']);
  });
});

describe('refunds', () => {
  const taken = [authorized, captured];

  test('go from partly to wholly', () => {
    expect(statusAfter(...taken, wantRefund('a', 300), refunded('a', 300))).toBe('PARTIALLY_REFUNDED');
    expect(statusAfter(...taken, wantRefund('a', 300), refunded('a', 300), wantRefund('b', 700), refunded('b', 700))).toBe('REFUNDED');
  });

  test('under way reserve their amount', () => {
    const { payment } = tell(...taken, wantRefund('a', 600));
    expect(refundableMinor(payment)).toBe(400);
    expect(decideRefund(payment, { amountMinor: 500, currency: 'EUR' })).toMatchObject({
      kind: 'exceeds',
      refundable: { amountMinor: 400 },
    });
    expect(ignoredReason([...taken, wantRefund('a', 600)], wantRefund('b', 500))).toBe('not-refundable');
  });

  test('that the provider refuses free their amount', () => {
    expect(refundableMinor(tell(...taken, wantRefund('a', 600), refused('a')).payment)).toBe(1000);
    expect(ignoredReason(taken, refused('x'))).toBe('unknown-refund');
  });

  test('made at the provider are booked too, once', () => {
    const outside: News = { kind: 'refunded', refundId: null, providerRefundId: 're_x', amountMinor: 250 };
    const { payment, bookings } = tell(...taken, outside, outside);
    expect([payment.status, refundedMinor(payment), bookings.length]).toEqual(['PARTIALLY_REFUNDED', 250, 2]);
  });

  test("are decided: all that is left, or an amount in the payment's currency", () => {
    const { payment } = tell(...taken, wantRefund('a', 300), refunded('a', 300));
    expect(decideRefund(payment, null)).toEqual({ kind: 'refund', amountMinor: 700 });
    expect(decideRefund(payment, { amountMinor: 700, currency: 'EUR' })).toEqual({ kind: 'refund', amountMinor: 700 });
    expect(decideRefund(payment, { amountMinor: 701, currency: 'EUR' })).toMatchObject({ kind: 'exceeds' });
    expect(decideRefund(payment, { amountMinor: 1, currency: 'USD' })).toEqual({ kind: 'other-currency', currency: 'EUR' });
    expect(decideRefund(tell(authorized).payment, null)).toEqual({ kind: 'not-captured', from: 'AUTHORIZED' });
  });
});

describe('news in any order, each any number of times, end in the same state', () => {
  const stories: Record<string, { news: News[]; status: PaymentStatus; booked: string[] }> = {
    'a plain sale': { news: [authorized, captured], status: 'CAPTURED', booked: ['capture:p'] },
    'a confirmed sale': { news: [actionRequired, authorized, captured], status: 'CAPTURED', booked: ['capture:p'] },
    'a refused confirmation': { news: [actionRequired, declined], status: 'DECLINED', booked: [] },
    'a void': { news: [authorized, wantVoid, voided], status: 'VOIDED', booked: [] },
    'a void while the buyer confirms': { news: [actionRequired, wantVoid, authorized, voided], status: 'VOIDED', booked: [] },
    'a cancelled sale': {
      news: [authorized, captured, wantVoid, refunded('p:void', 1000)],
      status: 'REFUNDED',
      booked: ['capture:p', 'refund:p:void'],
    },
    'two refunds': {
      news: [authorized, captured, refunded('a', 300), refunded('b', 700)],
      status: 'REFUNDED',
      booked: ['capture:p', 'refund:a', 'refund:b'],
    },
  };
  test.each(Object.entries(stories))('%s', (_, { news, status, booked }) => {
    for (const order of permutations([...news, ...news.slice(0, 2)])) {
      const { payment, bookings } = tell(...order);
      expect(payment.status).toBe(status);
      expect(bookings.map(({ id }) => id).toSorted()).toEqual(booked);
      expect(refundedMinor(payment)).toBeLessThanOrEqual(payment.capturedMinor);
    }
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, place) => permutations(items.toSpliced(place, 1)).map((rest) => [item, ...rest]));
}
