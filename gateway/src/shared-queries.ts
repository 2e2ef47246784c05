import { getOperationAST, type DocumentNode, type ExecutionResult } from 'graphql';
import { TIMED_OUT } from '@shop/platform/lifecycle';
import type { ClientRequest } from './client-request.js';
import type { ClientOperation, Engine } from './engine.js';
import { isSame } from './engine/json.js';
import { viewerKey } from './guarded-fetchers.js';

/** A query under way. */
interface Flight {
  operation: ClientOperation;
  request: ClientRequest;
  viewer: string;
  /** How many mutations had ended when it began. */
  writes: number;
  result: Promise<ExecutionResult>;
}

/** How much sooner than one's own deadline a flight's may be. */
const DEADLINE_SLACK_MS = 1_000;

/**
 * The engine, with identical queries of equal viewers that are under way at the same time run once: all get the same result, which nobody may
 * change. Nobody joins a query that began before a mutation ended here: who has written reads what was written. When the client leaves for
 * whom it runs, those who have joined run their own.
 */
export function sharedQueries(engine: Engine): Engine {
  const flights = new Map<DocumentNode, Flight[]>();
  let writes = 0;

  const flightLike = ({ document, operationName, variables }: ClientOperation, { deadlineAtMs }: ClientRequest, viewer: string) =>
    flights
      .get(document)
      ?.find(
        (flight) =>
          flight.viewer === viewer &&
          flight.writes === writes &&
          flight.operation.operationName === operationName &&
          flight.request.deadlineAtMs > deadlineAtMs - DEADLINE_SLACK_MS &&
          !flight.request.signal.aborted &&
          isSame(flight.operation.variables, variables),
      );
  const lead = (operation: ClientOperation, request: ClientRequest, viewer: string): Promise<ExecutionResult> => {
    const result = engine.execute(operation, request);
    const flight: Flight = { operation, request, viewer, writes, result };
    const others = flights.get(operation.document);
    if (others) others.push(flight);
    else flights.set(operation.document, [flight]);
    const leave = () => exit(flights, flight);
    result.then(leave, leave);
    return result;
  };
  const query = (operation: ClientOperation, request: ClientRequest): Promise<ExecutionResult> => {
    const viewer = viewerKey(request);
    const flight = flightLike(operation, request, viewer);
    return flight ? join(flight, () => query(operation, request)) : lead(operation, request, viewer);
  };
  // Its schema and plans may become others meanwhile.
  return {
    get apiSchema() {
      return engine.apiSchema;
    },
    executeIncrementally: (operation, request) => engine.executeIncrementally(operation, request),
    planLive: (operation, request) => engine.planLive(operation, request),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
    execute: (operation, request) => {
      if (getOperationAST(operation.document, operation.operationName)?.operation === 'query') return query(operation, request);
      return engine.execute(operation, request).finally(() => writes++);
    },
  };
}

/** What its own client left in the middle is no answer for another one. */
async function join({ request: { signal }, result }: Flight, again: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
  const isLeft = () => signal.aborted && signal.reason !== TIMED_OUT;
  try {
    const shared = await result;
    return isLeft() ? await again() : shared;
  } catch (error) {
    if (isLeft()) return again();
    throw error;
  }
}

function exit(flights: Map<DocumentNode, Flight[]>, flight: Flight): void {
  const { document } = flight.operation;
  const others = flights.get(document) ?? [];
  if (others.length <= 1) flights.delete(document);
  else others.splice(others.indexOf(flight), 1);
}
