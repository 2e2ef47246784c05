import type { Clock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import type { Logger } from '@shop/platform/logger';
import type { RequestContext } from '@shop/platform/request-context';

/** What the operations of this subgraph stand on. */
export interface PaymentsServices {
  db: Database;
  clock: Clock;
  logger: Logger;
  /** A provider call may be due now. */
  wakeCalls(): void;
  /** What orders proves with that the viewer may see an order. */
  orderTokenSecret: string;
  /** How long a refund waits for the provider before it is answered as still under way. */
  refundWaitMs: number;
}

export interface PaymentsContext extends RequestContext, PaymentsServices {}
