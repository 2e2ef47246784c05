import { createHash } from 'node:crypto';
import { z } from 'zod';
import { eventSchema, type EventEnvelope } from './event.js';

const messageSchema = eventSchema.extend({ id: z.uuid(), type: z.string().min(1) });

export type Decoded = { kind: 'event'; event: EventEnvelope } | { kind: 'unreadable'; event: EventEnvelope; why: Error };

/** An event as it travels; `decode` reads it. */
export function encode(event: EventEnvelope): string {
  return JSON.stringify(event);
}

/** What nobody can read becomes an event that can be put aside: its `data` is the text as it came, its id always the same. */
export function decode(text: string, origin: { type: string; position: string; at: Date }): Decoded {
  try {
    return { kind: 'event', event: messageSchema.parse(JSON.parse(text)) };
  } catch (error) {
    const event: EventEnvelope = {
      id: idOf(`${origin.position} ${text}`),
      type: origin.type,
      aggregateId: '',
      aggregateVersion: 0,
      occurredAt: origin.at.toISOString(),
      traceparent: null,
      causationId: null,
      data: text,
    };
    return { kind: 'unreadable', event, why: new Error('not an event envelope', { cause: error }) };
  }
}

/** A UUID of version 8 (RFC 9562 section 5.8), whose bits the maker may choose. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
