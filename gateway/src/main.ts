// The gateway of the shop as a process of its own, from environment variables.
import { readFile } from 'node:fs/promises';
import { busAt } from '@shop/platform/bus-at';
import { runProcess } from '@shop/platform/process';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { forwardPaths } from './forwarding.js';
import { startGateway } from './gateway.js';
import { readGatewayEnv } from './process-config.js';
import { sessionRevocationsOn } from './session-revocations.js';

await runProcess({
  name: 'gateway',
  readEnv: readGatewayEnv,
  start: async ({ natsUrl, supergraphFile, subgraphs, forwardings, ...config }, logger) => {
    await using starting = new AsyncDisposableStack();
    const supergraphSdl = await readFile(supergraphFile, 'utf8');
    const bus = starting.use(busAt(natsUrl, { name: 'gateway', logger }));
    const transports = new Map(
      [...subgraphs].map(([name, { url, envelopeSecret }]) => [name, starting.use(httpTransport(url, envelopeSecret))]),
    );
    const gateway = starting.use(
      await startGateway(
        { ...config, supergraphSdl, supergraphFile, tokenIssuer: 'users', tokenAudience: 'shop' },
        {
          transports,
          logger,
          sessionRevocations: sessionRevocationsOn(bus),
          routes: (app) => forwardPaths(app, forwardings, logger),
        },
      ),
    );
    const running = starting.move();
    return { listen: gateway.listen, [Symbol.asyncDispose]: () => running.disposeAsync() };
  },
});
