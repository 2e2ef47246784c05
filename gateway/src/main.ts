// The gateway of the shop as a process of its own, from environment variables.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { busAt } from '@shop/platform/bus-at';
import { systemClock } from '@shop/platform/clock';
import type { Logger } from '@shop/platform/logger';
import { runProcess } from '@shop/platform/process';
import { countingAloneWhenAway, inProcessRateLimiter, type RateLimiter } from '@shop/platform/rate-limit';
import { openRedis, type Redis } from '@shop/platform/redis';
import { redisRateLimiter } from '@shop/platform/redis-rate-limit';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { forwardPaths } from './forwarding.js';
import { startGateway } from './gateway.js';
import { listenForMetrics } from './metrics-listener.js';
import { hearUsers } from './news-of-users.js';
import { loadPersistedLists } from './partners/persisted-lists.js';
import { readGatewayEnv } from './process-config.js';
import { keepMemoryYoung } from './young-memory.js';

keepMemoryYoung();
await runProcess({
  name: 'gateway',
  readEnv: readGatewayEnv,
  start: async ({ natsUrl, redisUrl, supergraphFile, metricsPort, subgraphs, forwardings, ...config }, logger) => {
    await using starting = new AsyncDisposableStack();
    const supergraphSdl = await readFile(supergraphFile, 'utf8');
    const persistedFolder = dirname(supergraphFile);
    const persisted = await loadPersistedLists(persistedFolder);
    const bus = starting.use(busAt(natsUrl, { name: 'gateway', logger }));
    const redis = redisUrl === null ? null : starting.use(await openRedis({ url: redisUrl, logger }));
    const transports = new Map(
      [...subgraphs].map(([name, { url, envelopeSecret }]) => [name, starting.use(httpTransport(url, envelopeSecret))]),
    );
    const gateway = starting.use(
      await startGateway(
        { ...config, supergraphSdl, supergraphFile, persisted, persistedFolder, tokenIssuer: 'users', tokenAudience: 'shop' },
        {
          transports,
          logger,
          ...hearUsers(bus),
          ...(redis && { rateLimiter: sharedLimiter(redis, logger) }),
          routes: (app) => forwardPaths(app, forwardings, logger),
        },
      ),
    );
    if (metricsPort !== null) starting.use(await listenForMetrics(metricsPort, config.host, gateway.metrics));
    const running = starting.move();
    return { listen: gateway.listen, [Symbol.asyncDispose]: () => running.disposeAsync() };
  },
});

/** One count for all gateways; while Redis is away each one counts alone, so that nobody is turned away for it. */
function sharedLimiter(redis: Redis, logger: Logger): RateLimiter {
  return countingAloneWhenAway(redisRateLimiter(redis, { prefix: 'gateway' }), inProcessRateLimiter(systemClock), logger);
}
