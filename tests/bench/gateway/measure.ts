import { httpPool } from '@shop/platform/http-pool';
import { z } from 'zod';
import { startProcess } from '../bench-process.js';
import { scenarios, type Scenario } from './scenarios.js';

export const loadSchema = z.object({ scenario: z.string(), url: z.url(), connections: z.int(), seconds: z.number() });

/** `scenario`: its name. */
export type Load = z.infer<typeof loadSchema>;

/** `latencies`: milliseconds of each request. */
const measuredSchema = z.object({ perSecond: z.number(), latencies: z.array(z.number()), failed: z.int() });

export type Measured = z.infer<typeof measuredSchema>;

export interface Clients extends AsyncDisposable {
  /** As many requests as the gateway answers, for so long over so many connections. */
  measure(load: Load): Promise<Measured>;
}

/**
 * Clients that stop to collect garbage would be taken for a slow gateway. Each read takes 64 kB outside of V8's heap, and with much room for
 * young objects V8 collects all of the heap for their sake, before it has collected the young: twice a second, 10 ms each.
 */
const FLAGS = ['--max-semi-space-size=8'];
/** For what is still under way when the time is over. */
const LAST_ANSWER_MS = 30_000;
const MAX_ANSWER_BYTES = 10_000_000;

export function startClients(): Clients {
  const clients = startProcess(new URL('load-main.js', import.meta.url), FLAGS);
  return {
    measure: (load) => clients.ask(load, measuredSchema),
    [Symbol.asyncDispose]: () => clients[Symbol.asyncDispose](),
  };
}

/**
 * The same, by this process. It shares a processor with the gateway and its subgraphs, so what a request costs it here the gateway lacks: the
 * pool of our gateway takes half of what load generators and other clients do.
 */
export async function measure({ scenario, url, connections, seconds }: Load): Promise<Measured> {
  const request = scenarios.find(({ name }) => name === scenario)?.request;
  if (!request) throw new Error(`There is no scenario ${scenario}.`);
  const target = new URL(url);
  await using pool = httpPool(target, { connections });
  const begun = performance.now();
  const signal = AbortSignal.timeout(Math.ceil(seconds * 1000) + LAST_ANSWER_MS);
  const latencies: number[] = [];
  let [n, failed] = [0, 0];
  const ask = async () => {
    const { body, authorization } = request(n++);
    const headers = { 'content-type': 'application/json', authorization };
    const { status } = await pool.post({ path: target.pathname, headers, body, maxAnswerBytes: MAX_ANSWER_BYTES, signal });
    if (status !== 200) failed++;
  };
  const client = async () => {
    for (let at = begun; at < begun + seconds * 1000;) {
      await ask().catch(() => failed++);
      const answered = performance.now();
      latencies.push(answered - at);
      at = answered;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return { perSecond: (latencies.length * 1000) / (performance.now() - begun), latencies, failed };
}

/** The answer to one request, as text. */
export async function askOnce({ request }: Scenario, url: string, n: number): Promise<string> {
  const { body, authorization } = request(n);
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization }, body });
  return answer.text();
}
