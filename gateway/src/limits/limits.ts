/**
 * How a limit is kept. `measure` lets everything through and reports what would have been refused; `off` does not look.
 */
export const limitModes = ['enforce', 'measure', 'off'] as const;
export type LimitMode = (typeof limitModes)[number];

export interface Limit {
  /** The largest value that is let through. */
  max: number;
  mode: LimitMode;
}

/** What each limit counts, and what it is in a gateway that nobody configured. */
export const defaultMaxima = {
  /** Bytes of an HTTP request's body. */
  requestBytes: 100_000,
  /** Lexical tokens of a document. */
  tokens: 2_000,
  /** Levels of fields, fragments spread out; `ofType` counts none. */
  depth: 12,
  /** Aliases, counted each time their fragment is spread. */
  aliases: 30,
  /** Fields of the root, fragments spread out. */
  rootFields: 20,
  /** Directives of a document. */
  directives: 50,
  /** The same field or fragment again within one pair of braces. */
  repeats: 10,
  /** Points, as `operation-cost.ts` estimates them. */
  cost: 5_000,
  /** Values of one list among the arguments, wherever it lies in them. */
  listValues: 100,
  /** Mutations that try or make a credential, in one request. */
  credentialMutations: 1,
  /** Entities that one fetch asks a subgraph for, each once. */
  representations: 5_000,
  /** Bytes of an answer to a client. */
  responseBytes: 2_000_000,
  /** Bytes of a WebSocket message of a client. */
  frameBytes: 64_000,
  /** Subscriptions at a time on one socket. */
  socketSubscriptions: 20,
  /** Sockets of one signed-in person, or of one order token. */
  viewerSockets: 5,
  /** Sockets of one client address; of IPv6, of a /64. */
  addressSockets: 20,
  /** Events that wait because a socket's client does not read them. */
  socketQueue: 100,
} as const;

export type LimitName = keyof typeof defaultMaxima;

export type Limits = Readonly<Record<LimitName, Limit>>;

/** Every limit in one mode, with other maxima where they are given. */
export function limitsOf(mode: LimitMode, maxima: Partial<Record<LimitName, number>> = {}): Limits {
  const limit = (name: LimitName): Limit => ({ max: maxima[name] ?? defaultMaxima[name], mode });
  return Object.fromEntries(Object.keys(defaultMaxima).map((name) => [name, limit(name as LimitName)])) as Record<LimitName, Limit>;
}

export const defaultLimits: Limits = limitsOf('enforce');

/** Something that a limit is about was larger than it allows. */
export interface Excess {
  limit: LimitName;
  measured: number;
  max: number;
}

/** Measures only when somebody wants to know, and answers only with what is too much. */
export function excessOf(limit: LimitName, { max, mode }: Limit, measure: () => number): Excess[] {
  if (mode === 'off') return [];
  const measured = measure();
  return measured > max ? [{ limit, measured, max }] : [];
}

/** The bound of something that is stopped while it grows: the maximum where it is enforced, else `ceiling`. */
export function boundOf({ max, mode }: Limit, ceiling: number): number {
  return mode === 'enforce' ? max : Math.max(max, ceiling);
}
