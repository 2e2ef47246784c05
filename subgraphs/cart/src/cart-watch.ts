import { cartChanged } from '@shop/events/cart';
import type { Clock } from '@shop/platform/clock';
import type { EventBus } from '@shop/platform/event-bus';
import { newId } from '@shop/platform/ids';

/** Tells those who follow a cart, in every process, that it has a new version. Nothing is stored: who is told reads the cart. */
export interface CartWatch {
  /** After the commit. */
  announce(cartId: string, version: number, traceparent?: string | null): void;
  /** Once for every change from now on; changes that come while nobody waits are one. Ends when `signal` fires. */
  changes(cartId: string, signal: AbortSignal): AsyncGenerator<void, void, void>;
}

/** How the news of carts travels. */
export interface CartNews {
  /** At most once to every process, this one included. */
  tell(cartId: string, version: number, traceparent: string | null): void;
  /** null: any cart may have changed, since news may have been missed. */
  hear(listener: (cartId: string | null) => void): Promise<AsyncDisposable>;
}

/** On the event bus. */
export function busNews(bus: EventBus, clock: Clock): CartNews {
  return {
    tell: (cartId, version, traceparent) =>
      bus.announce({
        id: newId(),
        type: cartChanged.type,
        aggregateId: cartId,
        aggregateVersion: version,
        occurredAt: clock.now().toISOString(),
        traceparent,
        causationId: null,
        data: cartChanged.data.parse({ cartId, version }),
      }),
    hear: async (listener) => {
      const listening = bus.listen([cartChanged.type], ({ aggregateId }) => listener(aggregateId));
      return { [Symbol.asyncDispose]: async () => listening[Symbol.dispose]() };
    },
  };
}

export async function cartWatchOf(news: CartNews): Promise<CartWatch & AsyncDisposable> {
  const followers = new Map<string, Set<() => void>>();
  const listening = await news.hear((cartId) => {
    const rung = cartId === null ? followers.values() : [followers.get(cartId) ?? []];
    for (const ofCart of rung) for (const wake of ofCart) wake();
  });
  return {
    announce: (cartId, version, traceparent = null) => news.tell(cartId, version, traceparent),
    changes: (cartId, signal) => {
      const bell = doorbell();
      const ofCart = followers.get(cartId) ?? new Set();
      followers.set(cartId, ofCart.add(bell.ring));
      const leave = () => {
        signal.removeEventListener('abort', leave);
        ofCart.delete(bell.ring);
        if (ofCart.size === 0 && followers.get(cartId) === ofCart) followers.delete(cartId);
        bell.ring();
      };
      // The signal cleans up too: a generator that was never asked for a change has no loop to leave.
      signal.addEventListener('abort', leave);
      return follow(bell, signal, leave);
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

interface Doorbell {
  ring: () => void;
  /** Resolves at the next ring, or at once when it rang since the last time. */
  rung(): Promise<void>;
}

function doorbell(): Doorbell {
  let pending = Promise.withResolvers<void>();
  return {
    ring: () => pending.resolve(),
    rung: async () => {
      await pending.promise;
      pending = Promise.withResolvers<void>();
    },
  };
}

async function* follow(bell: Doorbell, signal: AbortSignal, leave: () => void): AsyncGenerator<void, void, void> {
  try {
    while (!signal.aborted) {
      await bell.rung();
      if (!signal.aborted) yield;
    }
  } finally {
    leave();
  }
}
