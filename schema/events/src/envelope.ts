import type { z } from 'zod';

/** The contract of one event or command: its type, what its data holds, and a sentence for docs/events.md. */
export interface EventContract<T> {
  /** `<owner>.<name>.v<version>`: past tense for an event, imperative for a command. */
  type: string;
  kind: 'event' | 'command';
  /** The aggregate that orders it, e.g. `order`. */
  aggregate: string;
  description: string;
  data: z.ZodType<T>;
}

export function event<T>(type: string, aggregate: string, description: string, data: z.ZodType<T>): EventContract<T> {
  return { type, kind: 'event', aggregate, description, data };
}

/** Asks the owner to do something; answered by one of its events. */
export function command<T>(type: string, aggregate: string, description: string, data: z.ZodType<T>): EventContract<T> {
  return { type, kind: 'command', aggregate, description, data };
}
