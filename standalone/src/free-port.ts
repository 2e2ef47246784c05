import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below 32768: above lies the range from which the system gives out client ports, where a port may be taken any moment. */
const lowest = 20_000;
const beyond = 32_000;
/** In turn from anywhere: what is given out is listened on later, and is not given out twice meanwhile. */
let candidate = randomInt(lowest, beyond);

/** Whether nothing listens on this port of 127.0.0.1 just now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/**
 * The first free one of `preferred`, else a free port from 20000 to 31999: another one each time, also where nobody listens on the earlier ones
 * yet. Throws after 50 misses.
 */
export async function freePort(preferred: readonly (number | undefined)[] = []): Promise<number> {
  for (const port of preferred) if (port !== undefined && port > 0 && (await isFree(port))) return port;
  for (let tries = 0; tries < 50; tries++) {
    const port = candidate;
    candidate = port + 1 < beyond ? port + 1 : lowest;
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port found from ${lowest} to ${beyond - 1}.`);
}
