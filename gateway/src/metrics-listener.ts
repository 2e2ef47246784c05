import { createServer } from 'node:http';
import { EXPOSITION_TYPE } from './exposition.js';

/** `GET /metrics` on a port of its own, for those who watch over the gateway: clients never reach it. Resolves when it listens. */
export async function listenForMetrics(port: number, host: string, metrics: () => string): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(metrics());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
