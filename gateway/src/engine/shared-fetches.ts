import { isObject, isSame, put, type JsonObject } from './json.js';
import type { SubgraphAnswer, SubgraphFetcher, SubgraphRequest } from './subgraph-fetcher.js';

export interface SharedFetchesOptions<C> {
  /** Everything of a context that an answer may depend on. Fetches are shared where it is equal. */
  viewerOf(context: C): string;
  /** Milliseconds since 1970; a fetch is not joined that must end much before one's own deadline. */
  deadlineOf(context: C): number;
}

export interface SharedFetches<C> {
  /** One such wrapper for each subgraph. */
  share(fetcher: SubgraphFetcher<C>): SubgraphFetcher<C>;
  counts(): { fetches: number; shared: number };
}

/** Somebody who waits for an answer that another one has asked for. */
interface Sharer {
  settle(answer: SubgraphAnswer): void;
  fail(error: unknown): void;
}

interface Flight {
  request: SubgraphRequest;
  viewer: string;
  deadlineAtMs: number;
  /** How many mutations had ended when it began. */
  writes: number;
  /** Beside the one who asked. */
  sharers: Set<Sharer>;
  isWanted: boolean;
  stop(): void;
}

/** How much sooner than one's own deadline a flight's may be. */
const DEADLINE_SLACK_MS = 1_000;

/**
 * Identical queries in flight become one: same subgraph, text, variables and viewer. It is given up when everybody who waits for it has
 * left. Nobody joins a fetch that began before a mutation ended here: who has written reads what was written.
 */
export function sharedFetches<C>({ viewerOf, deadlineOf }: SharedFetchesOptions<C>): SharedFetches<C> {
  let [fetches, shared, writes] = [0, 0, 0];
  const share = (fetcher: SubgraphFetcher<C>): SubgraphFetcher<C> => {
    const flights = new Map<string, Flight[]>();

    const flightLike = (request: SubgraphRequest, viewer: string, deadlineAtMs: number): Flight | undefined =>
      flights
        .get(request.query)
        ?.find(
          (flight) =>
            flight.viewer === viewer &&
            flight.writes === writes &&
            flight.deadlineAtMs > deadlineAtMs - DEADLINE_SLACK_MS &&
            isWantedBy(flight) &&
            isSameRequest(flight.request, request),
        );
    const lead = (request: SubgraphRequest, context: C, signal: AbortSignal, viewer: string): Promise<SubgraphAnswer> =>
      new Promise((resolve, reject) => {
        const controller = new AbortController();
        const stop = () => controller.abort(signal.reason);
        const flight: Flight = { request, viewer, deadlineAtMs: deadlineOf(context), writes, sharers: new Set(), isWanted: true, stop };
        const leave = () => {
          flight.isWanted = false;
          if (flight.sharers.size === 0) stop();
          else reject(signal.reason);
        };
        const end = () => {
          signal.removeEventListener('abort', leave);
          exit(flights, request.query, flight);
        };
        if (signal.aborted) leave();
        signal.addEventListener('abort', leave, { once: true });
        enter(flights, request.query, flight);
        fetcher.execute(request, context, controller.signal).then(
          (answer) => {
            end();
            // Copied before anybody changes the original.
            for (const sharer of flight.sharers) sharer.settle(copyOf(answer));
            resolve(answer);
          },
          (error: unknown) => {
            end();
            for (const sharer of flight.sharers) sharer.fail(error);
            reject(error);
          },
        );
      });
    return {
      execute: (request, context, signal) => {
        fetches++;
        if (request.query.startsWith('mutation')) return fetcher.execute(request, context, signal).finally(() => writes++);
        const viewer = viewerOf(context);
        const flight = flightLike(request, viewer, deadlineOf(context));
        if (!flight || signal.aborted) return lead(request, context, signal, viewer);
        shared++;
        return join(flight, signal);
      },
      subscribe: (request, context, signal) => fetcher.subscribe(request, context, signal),
    };
  };
  return { share, counts: () => ({ fetches, shared }) };
}

function join(flight: Flight, signal: AbortSignal): Promise<SubgraphAnswer> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      end();
      if (!isWantedBy(flight)) flight.stop();
      reject(signal.reason);
    };
    const sharer: Sharer = {
      settle: (answer) => {
        end();
        resolve(answer);
      },
      fail: (error) => {
        end();
        reject(error);
      },
    };
    const end = () => {
      signal.removeEventListener('abort', leave);
      flight.sharers.delete(sharer);
    };
    flight.sharers.add(sharer);
    signal.addEventListener('abort', leave, { once: true });
  });
}

function isWantedBy({ isWanted, sharers }: Flight): boolean {
  return isWanted || sharers.size > 0;
}

function enter(flights: Map<string, Flight[]>, query: string, flight: Flight): void {
  const others = flights.get(query);
  if (others) others.push(flight);
  else flights.set(query, [flight]);
}

function exit(flights: Map<string, Flight[]>, query: string, flight: Flight): void {
  const others = flights.get(query) ?? [];
  if (others.length <= 1) flights.delete(query);
  else others.splice(others.indexOf(flight), 1);
}

/** Of the same query. */
function isSameRequest(a: SubgraphRequest, b: SubgraphRequest): boolean {
  return a.text !== undefined && b.text !== undefined ? a.text === b.text : isSame(a.variables, b.variables);
}

function copyOf(answer: SubgraphAnswer): SubgraphAnswer {
  if (answer.copy) return answer.copy();
  const { data, errors } = answer;
  return { ...(data !== undefined && { data: isObject(data) ? copyOfObject(data) : data }), ...(errors && { errors }) };
}

function copyOfObject(object: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(object)) put(copy, key, copyOfValue(object[key]));
  return copy;
}

function copyOfValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOfValue);
  return isObject(value) ? copyOfObject(value) : value;
}
