import { parentPort, workerData } from 'node:worker_threads';
import type * as planning from './planner.js';

/** The body of the thread that plans: one planner, one question at a time. */
export interface PlannerWorkerData {
  supergraphSdl: string;
  isRewritten: boolean;
}

export type PlannerAnswer = { kind: 'ready' } | { kind: 'planned'; json: string } | { kind: 'failed'; message: string };

const file = import.meta.url.endsWith('.ts') ? './planner.ts' : './planner.js';
const { createPlanner }: typeof planning = await import(file);
const { supergraphSdl, isRewritten }: PlannerWorkerData = workerData;
const planner = createPlanner(supergraphSdl, { isRewritten });
const answer = (message: PlannerAnswer) => parentPort?.postMessage(message);

parentPort?.on('message', (question: planning.PlanQuestion) => {
  try {
    answer({ kind: 'planned', json: JSON.stringify({ plan: planner(question) }) });
  } catch (error) {
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
answer({ kind: 'ready' });
