import type { LiveEvent } from './live-event.js';
import type { Joining } from './live-plan.js';

/** What a source remembers of its events. */
export interface KeptEvents {
  /** What somebody is told who joins now; null: they cannot be told what they missed. */
  forJoiner(): readonly LiveEvent[] | null;
  add(event: LiveEvent): void;
  /** The stream begins anew, and may tell the state of things that has been told. */
  beginAgain(): void;
  /** The event only tells what was known before the stream began anew. */
  hasAgain(event: LiveEvent): boolean;
}

/** Of more entities than this, those that changed first are forgotten. */
const MAX_ENTITIES = 1_000;

export function keptEvents(joining: Joining): KeptEvents {
  switch (joining.kind) {
    case 'newest':
      return newestOfEach();
    case 'all':
      return allUpTo(joining.max);
    case 'nothing':
      return { forJoiner: () => [], add: () => undefined, beginAgain: () => undefined, hasAgain: () => false };
    default:
      return joining satisfies never;
  }
}

function newestOfEach(): KeptEvents {
  const newest = new Map<string, LiveEvent>();
  let unsure: Set<string> | null = null;
  return {
    forJoiner: () => [...newest.values()],
    add: (event) => {
      if (event.entity === null) return;
      newest.delete(event.entity);
      newest.set(event.entity, event);
      for (const entity of newest.keys()) if (newest.size > MAX_ENTITIES) newest.delete(entity);
    },
    beginAgain: () => {
      unsure = newest.size > 0 ? new Set(newest.keys()) : null;
    },
    hasAgain: ({ entity, answer }) => {
      if (entity === null || !unsure?.delete(entity)) return false;
      return JSON.stringify(newest.get(entity)?.answer) === JSON.stringify(answer);
    },
  };
}

function allUpTo(max: number): KeptEvents {
  let all: LiveEvent[] | null = [];
  return {
    forJoiner: () => all && [...all],
    add: (event) => {
      all = all && all.length < max ? [...all, event] : null;
    },
    beginAgain: () => undefined,
    hasAgain: () => false,
  };
}
