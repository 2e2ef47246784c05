import { Worker } from 'node:worker_threads';
import { GraphQLError } from 'graphql';
import { fairQueue } from './fair-queue.js';
import type { Plan, PlanQuestion } from './planner.js';
import type { PlannerAnswer, PlannerWorkerData } from './planner-worker.js';

/** The code of a refusal that says nothing of the operation. */
export const PLANNER_BUSY = 'PLANNER_BUSY';
const OPERATION_TOO_COMPLEX = 'OPERATION_TOO_COMPLEX';

/** Whether planning was not even tried, or given up. */
export function isRefusalToPlan({ extensions: { code } }: GraphQLError): boolean {
  return code === PLANNER_BUSY || code === OPERATION_TOO_COMPLEX;
}

/** Plans on a thread of its own, one question after the other, so that no operation can stop the answering of others. */
export interface PlannerThread extends AsyncDisposable {
  /**
   * Rejects with a GraphQLError: OPERATION_TOO_COMPLEX when planning takes longer than the deadline or too much memory (the same operation will again),
   * PLANNER_BUSY when too many others wait, and with the planner's own error. Who asks for much waits behind those who don't, and is the one
   * who is told PLANNER_BUSY; `asker` says who it is.
   */
  plan(question: PlanQuestion, asker?: string): Promise<Plan>;
}

export interface PlannerThreadOptions {
  /** Of the processor's time, for planning alone: neither waiting nor the start of the thread counts, nor what others take. */
  deadlineMs: number;
  /** How many questions may wait. */
  maxWaiting: number;
}

interface Waiting {
  question: PlanQuestion;
  asker: string;
  settle(answer: PlannerAnswer | 'late' | 'lost'): void;
}

/** The thread starts with the first question; one that takes too long is ended, and the next question starts another. */
export function openPlannerThread(data: PlannerWorkerData, { deadlineMs, maxWaiting }: PlannerThreadOptions): PlannerThread {
  const queue = fairQueue<Waiting>(maxWaiting);
  let thread: Worker | null = null;
  let current: Waiting | null = null;
  let askedAtMs = 0;
  let timer: NodeJS.Timeout | undefined;

  let isClosed = false;

  const settle = (answer: PlannerAnswer | 'late' | 'lost') => {
    clearTimeout(timer);
    const settled = current;
    current = null;
    if (settled) queue.used(settled.asker, performance.now() - askedAtMs);
    settled?.settle(answer);
    next();
  };
  const end = (worker: Worker, why: PlannerAnswer | 'late' | 'lost') => {
    if (thread !== worker) return;
    thread = null;
    void worker.terminate();
    settle(why);
  };
  const ask = (worker: Worker, asked: Waiting) => {
    askedAtMs = performance.now();
    const before = worker.cpuUsage();
    const look = async () => {
      const spentMs = millisecondsOf(await worker.cpuUsage(await before));
      if (current !== asked) return;
      if (spentMs >= deadlineMs) end(worker, 'late');
      else timer = setTimeout(() => void look().catch(ended), deadlineMs - spentMs);
    };
    before.catch(ended);
    timer = setTimeout(() => void look().catch(ended), deadlineMs);
    worker.postMessage(asked.question);
  };
  const start = (first: Waiting) => {
    const worker = startWorker(data);
    thread = worker;
    worker.on('message', (answer: PlannerAnswer) => {
      if (thread !== worker) return;
      if (answer.kind === 'ready') ask(worker, first);
      else settle(answer);
    });
    worker.on('error', (error) => end(worker, isOutOfMemory(error) ? 'late' : { kind: 'failed', message: messageOf(error) }));
    worker.on('exit', () => end(worker, 'lost'));
  };
  const next = () => {
    if (current) return;
    current = queue.next();
    if (!current) return;
    askedAtMs = performance.now();
    if (thread) ask(thread, current);
    else start(current);
  };
  return {
    plan: (question, asker = '') =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(refusal(PLANNER_BUSY, 503));
        const asked: Waiting = { question, asker, settle: (answer) => conclude(answer, resolve, reject) };
        queue.add(asker, asked)?.settle('lost');
        next();
      }),
    [Symbol.asyncDispose]: async () => {
      const worker = thread;
      isClosed = true;
      thread = null;
      clearTimeout(timer);
      for (const each of [...(current ? [current] : []), ...queue.clear()]) each.settle('lost');
      current = null;
      await worker?.terminate();
    },
  };
}

/** A plan that needs more counts as one that takes too long. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function millisecondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}

/** The thread is gone, and whoever waited has been told. */
function ended(): void {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Does not keep the process alive. Under a test runner the sources are loaded as they are, else what was compiled of them. */
function startWorker(data: PlannerWorkerData): Worker {
  const file = import.meta.url.endsWith('.ts') ? './planner-worker.ts' : './planner-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: data, execArgv: [], resourceLimits: MEMORY });
  worker.unref();
  return worker;
}

function conclude(answer: PlannerAnswer | 'late' | 'lost', resolve: (plan: Plan) => void, reject: (error: Error) => void): void {
  if (answer === 'late') return reject(refusal(OPERATION_TOO_COMPLEX, 400));
  if (answer === 'lost' || answer.kind === 'ready') return reject(refusal(PLANNER_BUSY, 503));
  if (answer.kind === 'failed') return reject(new Error(answer.message));
  resolve((JSON.parse(answer.json) as { plan: Plan }).plan);
}

const texts = {
  [OPERATION_TOO_COMPLEX]: 'This operation takes too long to plan.',
  [PLANNER_BUSY]: 'Too many new operations are planned at the moment; try again later.',
};

function refusal(code: keyof typeof texts, status: number): GraphQLError {
  return new GraphQLError(texts[code], { extensions: { code, http: { status } } });
}
