import type { ConsumerInfo } from '@nats-io/jetstream';
import { z } from 'zod';

/** Which of the processes the broker serves, at a consumer with one group of them. */
export interface Turn {
  /** The broker's name for the turn; null while it serves nobody. */
  pin: string | null;
  /** Events that were handed out, to whomever, and not answered for. */
  unanswered: number;
}

/** The client's type leaves the groups out; they are described in the NATS architecture decision 42. */
const turnSchema = z.object({
  num_ack_pending: z.number(),
  priority_groups: z.array(z.object({ pinned_client_id: z.string().optional() })).default([]),
});

export function turnOf(info: ConsumerInfo): Turn {
  const { num_ack_pending, priority_groups } = turnSchema.parse(info);
  return { pin: priority_groups[0]?.pinned_client_id ?? null, unanswered: num_ack_pending };
}
