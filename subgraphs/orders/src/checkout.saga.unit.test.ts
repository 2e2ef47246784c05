import { describe, expect, test } from 'vitest';
import type { CheckoutState } from './checkout-saga-state.js';
import { decide, DEFAULT_DEADLINES, type CheckoutCommand, type CheckoutMessage, type CheckoutOutput } from './checkout.saga.js';

const now = new Date('2026-03-01T10:00:00.000Z');
const rules = { now, deadlines: DEFAULT_DEADLINES };
const after = (ms: number) => new Date(now.getTime() + ms);

const authorization = {
  orderNumber: 'S-100001',
  customerId: null,
  email: 'a@shop.example',
  locale: 'en',
  amount: { amountMinor: 1000, currency: 'EUR' },
  paymentToken: 'pm_card_visa',
};
const placed: CheckoutMessage = { type: 'order-placed', orderId: 'o1', lines: [{ sku: 'A', quantity: 2 }], authorization };
const cancelled: CheckoutMessage = { type: 'cancel', reason: 'changed my mind', actor: 'guest' };

type Plain = Exclude<CheckoutMessage['type'], 'order-placed' | 'cancel' | 'payment-refunded'>;
const say = (step: Plain | CheckoutMessage): CheckoutMessage => (typeof step === 'string' ? { type: step } : step);

/** The state after a history of messages. */
function given(...history: (Plain | CheckoutMessage)[]): CheckoutState {
  let state = decide(placed, null, rules).state;
  for (const step of history) state = decide(say(step), state, rules).state;
  if (!state) throw new Error('no state');
  return state;
}

const when = (state: CheckoutState, step: Plain | CheckoutMessage) => decide(say(step), state, rules);
const commands = (outputs: readonly CheckoutOutput[]) => outputs.flatMap((o) => (o.kind === 'send' ? [o.command.type] : []));
const change = (outputs: readonly CheckoutOutput[]) =>
  outputs.flatMap((o) => (o.kind === 'change-status' ? [`${o.to} ${o.reason ?? '-'}`] : []));
const ignored = (outputs: readonly CheckoutOutput[]) => outputs.flatMap((o) => (o.kind === 'ignore' ? [o.reason] : []));

const toAuthorizing = ['stock-reserved'] as const;
const toFulfilling = [...toAuthorizing, 'payment-authorized'] as const;
const toComplete = [...toFulfilling, 'stock-committed', 'payment-captured'] as const;
const full: CheckoutMessage = { type: 'payment-refunded', isFull: true };

describe('the straight way', () => {
  test('an order asks for its stock at once and waits two minutes', () => {
    const { state, outputs } = decide(placed, null, rules);
    expect(outputs).toEqual([
      { kind: 'send', command: { type: 'reserve-stock', lines: [{ sku: 'A', quantity: 2 }] } },
      { kind: 'set-deadline', at: after(120_000) },
    ]);
    expect(state).toMatchObject({ step: 'reserving', deadlineAt: after(120_000).toISOString() });
  });

  test('given reserved stock the payment is authorised, and its token forgotten', () => {
    const { state, outputs } = when(given(), 'stock-reserved');
    expect(outputs).toEqual([
      { kind: 'send', command: { type: 'authorize', authorization } },
      { kind: 'set-deadline', at: after(120_000) },
    ]);
    expect(JSON.stringify(state)).not.toContain('pm_card_visa');
  });

  test('an authorised payment confirms the order and takes stock and money', () => {
    const { state, outputs } = when(given(...toAuthorizing), 'payment-authorized');
    expect(change(outputs)).toEqual(['CONFIRMED -']);
    expect(commands(outputs)).toEqual(['commit-stock', 'capture']);
    expect(state).toMatchObject({ step: 'fulfilling', outcome: 'CONFIRMED' });
  });

  test('it is complete when both are taken, in either order', () => {
    expect(when(given(...toFulfilling, 'stock-committed'), 'payment-captured').outputs).toEqual([
      { kind: 'complete', outcome: 'CONFIRMED' },
    ]);
    expect(when(given(...toFulfilling, 'payment-captured'), 'stock-committed').outputs).toEqual([
      { kind: 'complete', outcome: 'CONFIRMED' },
    ]);
    expect(given(...toComplete)).toMatchObject({ step: 'complete', deadlineAt: null });
  });

  test('a capture that is heard of before its authorisation confirms too, without asking for it again', () => {
    const { outputs } = when(given(...toAuthorizing), 'payment-captured');
    expect(change(outputs)).toEqual(['CONFIRMED -']);
    expect(commands(outputs)).toEqual(['commit-stock']);
  });

  test('3-D Secure gives the buyer 15 minutes', () => {
    const { state, outputs } = when(given(...toAuthorizing), 'payment-action-required');
    expect(outputs).toEqual([{ kind: 'set-deadline', at: after(900_000) }]);
    expect(change(when(state ?? given(), 'payment-authorized').outputs)).toEqual(['CONFIRMED -']);
  });
});

describe('rejections', () => {
  test('given placed, when stock-rejected, then OUT_OF_STOCK and nothing to undo', () => {
    const { state, outputs } = when(given(), 'stock-rejected');
    expect(change(outputs)).toEqual(['REJECTED OUT_OF_STOCK']);
    expect(commands(outputs)).toEqual([]);
    expect(outputs).toContainEqual({ kind: 'complete', outcome: 'REJECTED' });
    expect(state?.step).toBe('complete');
    expect(JSON.stringify(state)).not.toContain('pm_card_visa');
  });

  for (const no of ['payment-declined', 'payment-voided'] as const)
    test(`given reserved stock, when ${no}, then PAYMENT_DECLINED and the stock goes back`, () => {
      const { state, outputs } = when(given(...toAuthorizing), no);
      expect(change(outputs)).toEqual(['REJECTED PAYMENT_DECLINED']);
      expect(commands(outputs)).toEqual(['release-stock']);
      expect(state?.step).toBe('undoing');
      expect(when(given(...toAuthorizing, no), 'stock-released').outputs).toEqual([{ kind: 'complete', outcome: 'REJECTED' }]);
    });

  test('given a refused 3-D Secure, then PAYMENT_DECLINED', () => {
    expect(change(when(given(...toAuthorizing, 'payment-action-required'), 'payment-declined').outputs)).toEqual([
      'REJECTED PAYMENT_DECLINED',
    ]);
  });

  test('inventory silent for 60 seconds: TIMED_OUT, and a release that also stops a late reservation', () => {
    const { outputs } = when(given(), 'deadline');
    expect(change(outputs)).toEqual(['REJECTED TIMED_OUT']);
    expect(commands(outputs)).toEqual(['release-stock']);
  });

  for (const history of [toAuthorizing, [...toAuthorizing, 'payment-action-required'] as const])
    test(`payment not final in time after ${history.at(-1)}: TIMED_OUT, undone in reverse`, () => {
      const { outputs } = when(given(...history), 'deadline');
      expect(change(outputs)).toEqual(['REJECTED TIMED_OUT']);
      expect(commands(outputs)).toEqual(['void', 'release-stock']);
    });

  test('a reservation that expires while the payment is awaited: TIMED_OUT, and the payment is void', () => {
    const { outputs } = when(given(...toAuthorizing, 'payment-action-required'), 'stock-released');
    expect(change(outputs)).toEqual(['REJECTED TIMED_OUT']);
    expect(commands(outputs)).toEqual(['void']);
  });

  test('a reservation that expires before its answer is heard: TIMED_OUT', () => {
    expect(change(when(given(), 'stock-released').outputs)).toEqual(['REJECTED TIMED_OUT']);
  });
});

describe('late answers after the end', () => {
  test('a late authorisation is void', () => {
    for (const end of ['deadline', 'stock-released', cancelled] as const) {
      const { outputs } = when(given(...toAuthorizing, end), 'payment-authorized');
      expect(commands(outputs)).toEqual(['void']);
      expect(change(outputs)).toEqual([]);
    }
  });

  test('so is one that comes when all seemed done', () => {
    const done = given(...toAuthorizing, 'deadline', 'stock-released', 'payment-declined');
    expect(done.step).toBe('complete');
    expect(when(done, 'payment-authorized')).toEqual({
      state: done,
      outputs: [{ kind: 'send', command: { type: 'void', reason: 'TIMED_OUT' } }],
    });
  });

  test('a late reservation is released', () => {
    const { state, outputs } = when(given('deadline'), 'stock-reserved');
    expect(commands(outputs)).toEqual(['release-stock']);
    expect(state?.stock).toBe('held');
  });

  test('a decline after the timeout ends the wait', () => {
    const state = given(...toAuthorizing, 'deadline', 'payment-declined');
    expect(state).toMatchObject({ step: 'undoing', payment: 'gone' });
    expect(when(state, 'stock-released').outputs).toEqual([{ kind: 'complete', outcome: 'REJECTED' }]);
  });

  test('a late rejection of stock ends the wait too', () => {
    expect(when(given('deadline'), 'stock-rejected').outputs).toEqual([{ kind: 'complete', outcome: 'REJECTED' }]);
  });

  test('a late demand for a confirmation is ignored', () => {
    expect(ignored(when(given(...toAuthorizing, 'deadline'), 'payment-action-required').outputs)).toEqual(['being-undone']);
  });
});

describe('cancelling', () => {
  const expected: [string, readonly Plain[], string[]][] = [
    ['while stock is asked for', [], ['release-stock']],
    ['while the payment is asked for', toAuthorizing, ['void', 'release-stock']],
    ['while the buyer is to confirm', [...toAuthorizing, 'payment-action-required'], ['void', 'release-stock']],
    ['while stock and money are taken', toFulfilling, ['void', 'release-stock']],
    ['when all is done', toComplete, ['void', 'release-stock']],
  ];
  for (const [name, history, sent] of expected)
    test(`${name}: ${sent.join(', ')}`, () => {
      const { state, outputs } = when(given(...history), cancelled);
      expect(outputs[0]).toEqual({
        kind: 'change-status',
        to: 'CANCELLED',
        reason: 'changed my mind',
        message: 'Cancelled before shipment.',
        actor: 'guest',
      });
      expect(commands(outputs)).toEqual(sent);
      expect(state).toMatchObject({ step: 'undoing', outcome: 'CANCELLED' });
    });

  test('is complete when stock and money are back', () => {
    const state = given(...toComplete, cancelled, 'stock-released');
    expect(when(state, full).outputs).toEqual([{ kind: 'complete', outcome: 'CANCELLED' }]);
    expect(when(given(...toFulfilling, cancelled, 'payment-voided'), 'stock-released').outputs).toEqual([
      { kind: 'complete', outcome: 'CANCELLED' },
    ]);
  });

  test('takes no money back twice after a full refund', () => {
    expect(commands(when(given(...toComplete, full), cancelled).outputs)).toEqual(['release-stock']);
  });

  test('stock and money that were taken meanwhile do not stop it', () => {
    const committed = given(...toFulfilling, cancelled, 'stock-committed');
    expect(committed).toMatchObject({ step: 'undoing', stock: 'committed' });
    expect(commands(when(committed, 'payment-captured').outputs)).toEqual(['void']);
  });

  test('is refused after a rejection, a cancellation and a shipment', () => {
    expect(ignored(when(given('stock-rejected'), cancelled).outputs)).toEqual(['already-ended']);
    expect(ignored(when(given(cancelled), cancelled).outputs)).toEqual(['already-ended']);
    expect(ignored(when(given(...toComplete, 'order-shipped'), cancelled).outputs)).toEqual(['already-shipped']);
  });
});

describe('after the pivot', () => {
  test('unanswered commands are sent again, ever more slowly, with an alert from the tenth time', () => {
    let state = given(...toFulfilling, 'stock-committed');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 11; attempt++) {
      const decision = when(state, 'deadline');
      expect(commands(decision.outputs)).toEqual(['capture']);
      expect(decision.outputs.some((o) => o.kind === 'alert')).toBe(attempt >= 10);
      waits.push(new Date(decision.state?.deadlineAt ?? 0).getTime() - now.getTime());
      state = decision.state ?? state;
    }
    expect(waits.slice(0, 6)).toEqual([60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
  });

  test('so are compensations', () => {
    expect(commands(when(given(...toComplete, cancelled), 'deadline').outputs)).toEqual(['void', 'release-stock']);
    expect(commands(when(given(...toComplete, cancelled, full), 'deadline').outputs)).toEqual(['release-stock']);
  });

  test('stock that expired and cannot be taken again cancels the order and gives the money back', () => {
    const expired = given(...toFulfilling, 'stock-released');
    expect(ignored(when(expired, 'stock-released').outputs)).toEqual(['being-committed']);
    expect(when(when(expired, 'stock-committed').state ?? expired, 'payment-captured').outputs).toEqual([
      { kind: 'complete', outcome: 'CONFIRMED' },
    ]);
    const { outputs } = when(expired, 'stock-rejected');
    expect(change(outputs)).toEqual(['CANCELLED OUT_OF_STOCK']);
    expect(commands(outputs)).toEqual(['void']);
  });

  test('an authorisation that is lost before the capture cancels the order and gives the stock back', () => {
    for (const lost of ['payment-declined', 'payment-voided'] as const) {
      const { outputs } = when(given(...toFulfilling), lost);
      expect(change(outputs)).toEqual(['CANCELLED PAYMENT_DECLINED']);
      expect(commands(outputs)).toEqual(['release-stock']);
    }
  });

  test('what has left the house is not cancelled: a person is told', () => {
    const shipped = given(...toFulfilling, 'order-shipped');
    expect(when(shipped, 'stock-rejected').outputs).toEqual([{ kind: 'alert', reason: 'stock-lost-after-shipment' }]);
    expect(when(shipped, 'payment-voided').outputs).toEqual([{ kind: 'alert', reason: 'payment-lost-after-shipment' }]);
  });

  test('refunds by staff leave the order as it is', () => {
    expect(ignored(when(given(...toComplete), { type: 'payment-refunded', isFull: false }).outputs)).toEqual(['partial-refund']);
    expect(change(when(given(...toComplete), full).outputs)).toEqual([]);
  });
});

describe('repeated and impossible messages', () => {
  test('without an order they are ignored', () => {
    expect(decide({ type: 'stock-reserved' }, null, rules)).toEqual({
      state: null,
      outputs: [{ kind: 'ignore', reason: 'unknown-order' }],
    });
  });

  test('an order starts once', () => {
    expect(ignored(decide(placed, given(), rules).outputs)).toEqual(['already-started']);
  });

  test('a payment that was never asked for is no payment', () => {
    for (const message of ['payment-authorized', 'payment-captured', 'payment-declined', 'payment-action-required', full] as const)
      expect(ignored(when(given(), message).outputs)).toEqual(['never-asked']);
  });

  test('in every state the same message a second time sends nothing but compensations and changes no status', () => {
    const histories: (readonly (Plain | CheckoutMessage)[])[] = [
      ['stock-reserved'],
      ['stock-rejected'],
      [...toAuthorizing, 'payment-action-required'],
      [...toAuthorizing, 'payment-declined'],
      toFulfilling,
      [...toFulfilling, 'stock-committed'],
      [...toFulfilling, 'payment-captured'],
      toComplete,
      [...toComplete, cancelled],
      [...toComplete, cancelled, 'stock-released'],
      [...toComplete, cancelled, full],
      [...toAuthorizing, 'deadline', 'payment-authorized'],
    ];
    for (const history of histories) {
      const last = history.at(-1) ?? 'deadline';
      const { outputs } = when(given(...history), last);
      expect(change(outputs)).toEqual([]);
      expect(commands(outputs).filter((type) => type !== 'void' && type !== 'release-stock')).toEqual([]);
    }
  });
});

/** Mulberry32: small, seeded, good enough to shuffle. */
function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What inventory and payments promise, as small as it can be said: each answers its commands in order. */
function world(seed: number) {
  const random = randomOf(seed);
  const roll = (chance: number) => random() < chance;
  const stock = { now: 'none' as 'none' | 'held' | 'committed' | 'gone' };
  const payment = { now: 'none' as 'none' | 'action' | 'authorized' | 'captured' | 'gone', voids: 0 };
  const toSaga: { inventory: CheckoutMessage[]; payments: CheckoutMessage[] } = { inventory: [], payments: [] };

  const inventory = (command: CheckoutCommand) => {
    if (command.type === 'reserve-stock' && stock.now === 'none') {
      stock.now = roll(0.2) ? 'gone' : 'held';
      toSaga.inventory.push({ type: stock.now === 'held' ? 'stock-reserved' : 'stock-rejected' });
    } else if (command.type === 'commit-stock' && stock.now === 'held') {
      stock.now = 'committed';
      toSaga.inventory.push({ type: 'stock-committed' });
    } else if (command.type === 'commit-stock') {
      toSaga.inventory.push({ type: stock.now === 'committed' ? 'stock-committed' : 'stock-rejected' });
    } else if (command.type === 'release-stock') releaseStock();
  };
  const releaseStock = () => {
    stock.now = 'gone';
    toSaga.inventory.push({ type: 'stock-released' });
  };
  const answerPayment = () => {
    const next = roll(0.25) ? 'gone' : 'authorized';
    payment.now = next;
    toSaga.payments.push({ type: next === 'gone' ? 'payment-declined' : 'payment-authorized' });
  };
  const payments = (command: CheckoutCommand) => {
    if (command.type === 'authorize' && payment.now === 'none') {
      if (!roll(0.3)) return answerPayment();
      payment.now = 'action';
      toSaga.payments.push({ type: 'payment-action-required' });
    } else if (command.type === 'capture' && payment.now === 'authorized') {
      payment.now = 'captured';
      toSaga.payments.push({ type: 'payment-captured' });
    } else if (command.type === 'void') {
      payment.voids += 1;
      if (payment.now === 'gone') return;
      toSaga.payments.push(payment.now === 'captured' ? full : { type: 'payment-voided' });
      payment.now = 'gone';
    }
  };
  return { random, roll, stock, payment, toSaga, inventory, payments, releaseStock, answerPayment };
}

type Service = 'inventory' | 'payments';

/** Plays one random story to its end and returns what is wrong with it, if anything, and how it ended. */
function play(seed: number): { status: string; fault: string | null } {
  const w = world(seed);
  let state: CheckoutState | null = null;
  let status = 'PLACED';
  const heard: CheckoutMessage[] = [];
  const queues: Record<Service, CheckoutCommand[]> = { inventory: [], payments: [] };
  const trace: string[] = [];
  const faults: string[] = [];

  const hear = (message: CheckoutMessage) => {
    const decision = decide(message, state, rules);
    trace.push(message.type);
    state = decision.state;
    for (const output of decision.outputs) {
      if (output.kind === 'change-status') {
        if (status !== 'PLACED' && status !== 'CONFIRMED') faults.push(`${status} became ${output.to}`);
        status = output.to;
      }
      if (output.kind === 'send') queues[output.command.type.endsWith('-stock') ? 'inventory' : 'payments'].push(output.command);
    }
  };
  const takeCommand = (from: Service) => {
    const command = queues[from].shift();
    if (command) w[from](command);
    if (command && w.roll(0.1)) w[from](command);
    return command !== undefined;
  };
  const takeEvent = (from: Service) => {
    const message = w.toSaga[from].shift();
    if (!message) return false;
    heard.push(message);
    hear(message);
    return true;
  };
  const moves: (() => unknown)[] = [
    () => takeCommand('inventory'),
    () => takeCommand('payments'),
    () => takeEvent('inventory'),
    () => takeEvent('payments'),
    () => heard.length > 0 && hear(heard[Math.floor(w.random() * heard.length)] ?? placed),
    () => w.roll(0.15) && hear({ type: 'deadline' }),
    () => w.roll(0.1) && hear(cancelled),
    () => w.roll(0.1) && w.stock.now === 'held' && w.releaseStock(),
    () => w.payment.now === 'action' && w.answerPayment(),
  ];
  hear(placed);
  for (let step = 0; step < 40; step++) moves[Math.floor(w.random() * moves.length)]?.();
  for (let round = 0; round < 40; round++) {
    if (w.payment.now === 'action') w.answerPayment();
    let moved = true;
    while (moved) moved = [takeCommand('inventory'), takeCommand('payments'), takeEvent('inventory'), takeEvent('payments')].some(Boolean);
    if (stepOf(state) === 'complete') break;
    hear({ type: 'deadline' });
  }

  if (stepOf(state) !== 'complete') faults.push(`stuck in ${stepOf(state)}`);
  const kept = `${w.stock.now} ${w.payment.now}`;
  const isRight = status === 'CONFIRMED' ? kept === 'committed captured' : /^(none|gone) (none|gone)$/.test(kept);
  if (!isRight) faults.push(`${status} keeps ${kept}`);
  return { status, fault: faults.length > 0 ? `seed ${seed}: ${faults.join(', ')}: ${trace.join(' ')}` : null };
}

const stepOf = (state: CheckoutState | null) => state?.step;

describe('any interleaving', () => {
  test('with duplicates, expiries, timeouts and cancellations ends, and never keeps what was cancelled', () => {
    const ends = Array.from({ length: 4000 }, (_, index) => play(index + 1));
    expect(ends.flatMap(({ fault }) => fault ?? [])).toEqual([]);
    expect([...new Set(ends.map(({ status }) => status))].toSorted()).toEqual(['CANCELLED', 'CONFIRMED', 'REJECTED']);
  });
});
