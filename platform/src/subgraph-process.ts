import { busAt } from './bus-at.js';
import { ConfigError, type RemoteSubgraph, type SubgraphSettings } from './config.js';
import type { EventBus } from './event-bus.js';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';
import { runOnce, runProcess, type Service } from './process.js';
import type { RunningSubgraph } from './running-subgraph.js';
import { httpTransport, type SubgraphTransport } from './subgraph-transport.js';

/** What a subgraph gets that runs alone. */
export interface LoneSubgraphParts {
  bus: EventBus;
  logger: Logger;
  /** Reaches another subgraph over HTTP; closed when this process ends. */
  remote(subgraph: RemoteSubgraph): SubgraphTransport;
}

export interface SubgraphProcess<S extends SubgraphSettings> {
  name: string;
  readEnv(): S;
  start(settings: S, parts: LoneSubgraphParts): Promise<RunningSubgraph>;
  /** Brings the store up to date, under a lock of its own, and ends; `start` does it too. */
  migrate?(settings: S): Promise<void>;
}

/**
 * The process of one subgraph: serves until SIGTERM or SIGINT, or with the argument `migrate` brings its store up to date and ends.
 * Exit codes as `runProcess`; an unknown argument counts as an unusable environment.
 */
export async function runSubgraphProcess<S extends SubgraphSettings>({ name, readEnv, start, migrate }: SubgraphProcess<S>): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'migrate' && rest.length === 0 && migrate) return runOnce(name, readEnv, migrate);
  const known = () => {
    if (command === undefined) return readEnv();
    throw new ConfigError(`unknown argument ${[command, ...rest].join(' ')}${migrate ? '; only migrate is known' : ''}`);
  };
  await runProcess({ name, readEnv: known, start: (settings, logger) => startAlone(settings, name, logger, start) });
}

async function startAlone<S extends SubgraphSettings>(
  settings: S,
  name: string,
  logger: Logger,
  start: SubgraphProcess<S>['start'],
): Promise<Service> {
  await using starting = new AsyncDisposableStack();
  const bus = starting.use(busAt(settings.natsUrl, { name, logger }));
  const remote = ({ url, envelopeSecret }: RemoteSubgraph) => starting.use(httpTransport(url, envelopeSecret));
  const subgraph = starting.use(await start(settings, { bus, logger, remote }));
  const running = starting.move();
  return {
    listen: (port, host) => subgraph.server.listen(port, host),
    [Symbol.asyncDispose]: async () => {
      subgraph.server.drain();
      await pause(settings.drainDelayMs, AbortSignal.any([]));
      await running.disposeAsync();
    },
  };
}
