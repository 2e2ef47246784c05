import { commitStock, releaseStock, reserveStock } from '@shop/events/inventory';
import { authorizePayment, capturePayment, voidPayment } from '@shop/events/payments';
import type { Clock } from '@shop/platform/clock';
import type { Transaction } from '@shop/platform/database';
import type { Logger } from '@shop/platform/logger';
import { sagaStore } from '@shop/platform/saga-store';
import { checkoutState, type CheckoutState } from './checkout-saga-state.js';
import { decide, type CheckoutCommand, type CheckoutDeadlines, type CheckoutMessage, type CheckoutOutput } from './checkout.saga.js';
import { takeStep, type Cause } from './order-steps.js';

export const CHECKOUT = 'checkout';

const sagas = sagaStore(CHECKOUT, checkoutState);

/** What the checkout process stands on. */
export interface CheckoutServices {
  clock: Clock;
  logger: Logger;
  deadlines: CheckoutDeadlines;
  /** Tells the followers of an order in this process that it has moved. Cheap; must not throw. */
  moved(orderId: string): void;
}

/** Locks an order's checkout until the transaction ends. Everything that changes an order holds this lock first. */
export function lockCheckout(tx: Transaction, orderId: string): Promise<CheckoutState | null> {
  return sagas.load(tx, orderId);
}

/** Tells the checkout of an order what has happened: locks it, decides, and applies what follows in the same transaction. */
export async function advance(
  tx: Transaction,
  orderId: string,
  message: CheckoutMessage,
  services: CheckoutServices,
  cause: Cause,
): Promise<CheckoutOutput[]> {
  const before = await lockCheckout(tx, orderId);
  return begin(tx, orderId, message, before, services, cause);
}

/** As `advance`, for a checkout whose state is known and locked: null for an order that is placed right now. */
export async function begin(
  tx: Transaction,
  orderId: string,
  message: CheckoutMessage,
  before: CheckoutState | null,
  services: CheckoutServices,
  cause: Cause,
): Promise<CheckoutOutput[]> {
  const now = services.clock.now();
  const { state, outputs } = decide(message, before, { now, deadlines: services.deadlines });
  for (const output of outputs) await apply(tx, orderId, output, { ...services, now, cause, message: message.type });
  if (state && state !== before) await sagas.save(tx, orderId, state, state.deadlineAt === null ? null : new Date(state.deadlineAt));
  return outputs;
}

interface Applying extends CheckoutServices {
  now: Date;
  cause: Cause;
  message: CheckoutMessage['type'];
}

async function apply(tx: Transaction, orderId: string, output: CheckoutOutput, { logger, moved, now, cause, message }: Applying) {
  switch (output.kind) {
    case 'send':
      return emitCommand(tx, orderId, output.command, cause);
    case 'change-status':
      await takeStep(tx, orderId, { ...output, at: now }, cause);
      return tx.afterCommit(() => moved(orderId));
    case 'ignore':
      return logger.debug({ orderId, eventType: message, reason: output.reason }, 'checkout ignored a message');
    case 'alert':
      return logger.error({ orderId, eventType: message, reason: output.reason }, 'checkout needs a person');
    case 'set-deadline':
    case 'complete':
      // Both are in the state that is saved.
      return undefined;
    default:
      return output satisfies never;
  }
}

function emitCommand(tx: Transaction, orderId: string, command: CheckoutCommand, cause: Cause): void {
  const emission = { aggregateId: orderId, ...cause };
  switch (command.type) {
    case 'reserve-stock':
      return tx.emit(reserveStock, emission, { orderId, lines: command.lines });
    case 'commit-stock':
      return tx.emit(commitStock, emission, { orderId });
    case 'release-stock':
      return tx.emit(releaseStock, emission, { orderId, reason: command.reason });
    case 'authorize':
      return tx.emit(authorizePayment, emission, { orderId, ...command.authorization });
    case 'capture':
      return tx.emit(capturePayment, emission, { orderId });
    case 'void':
      return tx.emit(voidPayment, emission, { orderId, reason: command.reason });
    default:
      return command satisfies never;
  }
}
