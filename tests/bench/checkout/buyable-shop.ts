import type { BookName } from '../../kit/ledger.js';

/** A shop that a bench buys from, over HTTP, and whose databases it may look into. */
export interface BuyableShop {
  url: string;
  sql(subgraph: BookName, text: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
}
