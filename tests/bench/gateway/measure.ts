import autocannon from 'autocannon';
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

export function startClients(): Clients {
  const clients = startProcess(new URL('load-main.js', import.meta.url), FLAGS);
  return {
    measure: (load) => clients.ask(load, measuredSchema),
    [Symbol.asyncDispose]: () => clients[Symbol.asyncDispose](),
  };
}

/** The same, by this process. */
export async function measure({ scenario, url, connections, seconds }: Load): Promise<Measured> {
  const request = scenarios.find(({ name }) => name === scenario)?.request;
  if (!request) throw new Error(`There is no scenario ${scenario}.`);
  const latencies: number[] = [];
  let n = 0;
  const run = autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 30,
    requests: [
      {
        method: 'POST',
        setupRequest: (sent) => {
          const { body, authorization } = request(n++);
          return { ...sent, body, headers: { 'content-type': 'application/json', authorization } };
        },
      },
    ],
  });
  run.on('response', (_client: unknown, _status: number, _bytes: number, milliseconds: number) => latencies.push(milliseconds));
  const { errors, timeouts, non2xx, duration } = await run;
  return { perSecond: latencies.length / duration, latencies, failed: errors + timeouts + non2xx };
}

/** The answer to one request, as text. */
export async function askOnce({ request }: Scenario, url: string, n: number): Promise<string> {
  const { body, authorization } = request(n);
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization }, body });
  return answer.text();
}
