import autocannon from 'autocannon';
import type { Scenario } from './scenarios.js';

export interface Measured {
  perSecond: number;
  /** Milliseconds of each request. */
  latencies: readonly number[];
  failed: number;
}

export interface Load {
  url: string;
  connections: number;
  seconds: number;
}

/** As many requests as the gateway answers, for so long over so many connections. */
export async function measure({ request }: Scenario, { url, connections, seconds }: Load): Promise<Measured> {
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
