import type { estypes } from '@elastic/elasticsearch';
import { z } from 'zod';
import { statusOf, type Engine } from './engine.js';
import { WritesBlocked } from './live-index.js';

export type WriteAction =
  /** Taken when `version` is above the one there. */
  | { kind: 'put'; id: string; version: number; document: object }
  /** Taken when nobody wrote since `seen` was read; null: when there is none. */
  | { kind: 'replace'; id: string; seen: Seen | null; document: object }
  /** Changes some fields when nobody wrote since. */
  | { kind: 'change'; id: string; seen: Seen; fields: object };

/** The state of a document as it was read. */
export interface Seen {
  seqNo: number;
  primaryTerm: number;
}

/** `refused`: what is there is newer than, or another than what the action takes for granted. */
export type WriteOutcome = 'written' | 'refused';

const MAX_BYTES = 4_000_000;
const MAX_ACTIONS = 1_000;

const item = z.object({ status: z.number(), error: z.object({ type: z.string(), reason: z.string().nullish() }).optional() });
const bulkAnswer = z.object({ items: z.array(z.record(z.string(), item)) });

/**
 * Writes documents of one index, some thousand a call; outcomes in the order of the actions. Throws WritesBlocked when the index takes none
 * (some may be written then: repeating does no harm), and for every other fault.
 */
export async function bulkWrite(engine: Engine, index: string, actions: readonly WriteAction[]): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for (const lines of portionsOf(actions)) {
    const answer = await engine.client.bulk({ index, operations: lines.flat() }, engine.forBulk()).catch((error: unknown) => {
      throw statusOf(error) === 403 ? new WritesBlocked('The index takes no writes.', { cause: error }) : error;
    });
    outcomes.push(...bulkAnswer.parse(answer).items.map(outcomeOf));
  }
  return outcomes;
}

type Lines = (estypes.BulkOperationContainer | object)[];

/** By number and by size, measured as it is sent. */
function portionsOf(actions: readonly WriteAction[]): Lines[][] {
  const portions: Lines[][] = [];
  let bytes = Infinity;
  for (const action of actions) {
    const lines = linesOf(action);
    const size = Buffer.byteLength(JSON.stringify(lines));
    const last = portions.at(-1);
    if (last && bytes + size <= MAX_BYTES && last.length < MAX_ACTIONS) {
      last.push(lines);
      bytes += size;
    } else {
      portions.push([lines]);
      bytes = size;
    }
  }
  return portions;
}

function linesOf(action: WriteAction): Lines {
  switch (action.kind) {
    case 'put':
      return [{ index: { _id: action.id, version: action.version, version_type: 'external' } }, action.document];
    case 'replace':
      return [action.seen ? { index: { _id: action.id, ...condition(action.seen) } } : { create: { _id: action.id } }, action.document];
    case 'change':
      return [{ update: { _id: action.id, ...condition(action.seen) } }, { doc: action.fields }];
    default:
      return action satisfies never;
  }
}

function condition({ seqNo, primaryTerm }: Seen) {
  return { if_seq_no: seqNo, if_primary_term: primaryTerm };
}

function outcomeOf(answer: Record<string, z.output<typeof item>>): WriteOutcome {
  const [done] = Object.values(answer);
  if (done?.status === 409) return 'refused';
  if (done?.error?.type === 'cluster_block_exception') throw new WritesBlocked('The index takes no writes.');
  if (!done || done.error) throw new Error(`Elasticsearch refused a document: ${done?.error?.type} ${done?.error?.reason ?? ''}`);
  return 'written';
}
