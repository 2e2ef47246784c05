import { percentile } from '../percentile.js';
import type { Measured } from './measure.js';

/** One gateway in one scenario, over all its turns. */
export interface Score {
  gateway: string;
  perSecond: number;
  p50: number;
  p99: number;
  memoryMb: number;
  /** Of the gateway's processor, for one request: says more than the rate where others use the machine too. */
  processorMs: number;
  callsPerRequest: number;
  failed: number;
}

export function scoreOf(
  gateway: string,
  turns: readonly Measured[],
  used: Pick<Score, 'memoryMb' | 'processorMs' | 'callsPerRequest'>,
): Score {
  const latencies = turns.flatMap((turn) => turn.latencies);
  return {
    gateway,
    perSecond: turns.reduce((sum, { perSecond }) => sum + perSecond, 0) / turns.length,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    ...used,
    failed: turns.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** A table of one scenario, and how ours compares with each other gateway. */
export function printScores(scenario: string, scores: readonly Score[]): void {
  console.log(`\n${scenario}`);
  console.log('            requests/s    p50 ms    p99 ms    CPU ms    MB    subgraph calls');
  for (const { gateway, perSecond, p50, p99, processorMs, memoryMb, callsPerRequest, failed } of scores)
    console.log(
      `  ${gateway.padEnd(8)}${cell(perSecond, 0, 12)}${cell(p50, 1, 10)}${cell(p99, 1, 10)}${cell(processorMs, 2, 10)}${cell(memoryMb, 0, 6)}${cell(callsPerRequest, 2, 18)}` +
        (failed > 0 ? `    ${failed} failed` : ''),
    );
  const ours = scores.find(({ gateway }) => gateway === 'ours');
  for (const other of scores) if (ours && other !== ours) console.log(`  ${comparison(ours, other)}`);
}

function comparison(ours: Score, other: Score): string {
  if (ours.perSecond === 0 || other.perSecond === 0) return `${other.gateway}: nothing was answered in time, so nothing is compared`;
  const [requests, wait, processor] = [ours.perSecond / other.perSecond, other.p99 / ours.p99, other.processorMs / ours.processorMs].map(
    (ratio) => ratio.toFixed(1),
  );
  return `ours: ${requests} times the requests of ${other.gateway}, p99 1/${wait} and processor time 1/${processor} of its`;
}

function cell(value: number, digits: number, width: number): string {
  return value.toFixed(digits).padStart(width);
}
