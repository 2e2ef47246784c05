import type { Socket } from 'node:net';
import { startGateway, type GatewayConfig } from '@shop/gateway';
import { directTransport, httpTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { freePort } from '@shop/tests/kit/free-port';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { openSocket, type RawSocket } from '../gateway-kit.js';
import { Feed, feedFields, feedSupergraph, startFeedServer, startNamesServer } from './feed.js';

/** A gateway before a feed, in this process or over HTTP at `port`, where another one may take the place of a feed that has stopped. */
export async function startLiveGateway(
  config: Partial<GatewayConfig> = {},
  form: 'in process' | 'over HTTP' = 'in process',
  more: ReadonlyMap<string, SubgraphTransport> = new Map(),
) {
  await using starting = new AsyncDisposableStack();
  const feed = new Feed();
  const names = await startNamesServer();
  starting.use(names.server);
  const feedServer = await startFeedServer(feed);
  let stopping: PromiseLike<void> | null = null;
  const stopFeed = () => (stopping ??= feedServer[Symbol.asyncDispose]());
  starting.defer(() => stopFeed());
  const transports = new Map<string, SubgraphTransport>([...more, ['names', directTransport(names.server, TEST_SECRET)]]);
  const cuts = new Set<Socket>();
  feedServer.app.server.on('connection', (socket: Socket) => cuts.add(socket));
  const port = form === 'in process' ? 0 : await feedServer.listen(await freePort());
  transports.set(
    'feed',
    starting.use(form === 'in process' ? directTransport(feedServer, TEST_SECRET) : httpTransport(`http://127.0.0.1:${port}`, TEST_SECRET)),
  );
  const gateway = starting.use(await startBefore(transports, config));
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
  const running = starting.move();
  return {
    url,
    gateway,
    feed,
    stopFeed,
    cutFeed: () => cuts.forEach((socket) => socket.resetAndDestroy()),
    port,
    asked: names.asked,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export function startBefore(transports: ReadonlyMap<string, SubgraphTransport>, config: Partial<GatewayConfig> = {}) {
  return startGateway(
    testGatewayConfig({
      supergraphSdl: feedSupergraph(),
      liveFields: feedFields,
      ...config,
      socketTiming: { drainSpreadMs: 0, ...config.socketTiming },
    }),
    { transports, logger: quietLogger },
  );
}

/** A socket that follows one subscription. */
export interface Follower extends RawSocket {
  /** The next event's data. */
  data(): Promise<unknown>;
}

export async function follow(url: string, query: string, variables: object = {}, init: object = {}): Promise<Follower> {
  const socket = await openSocket(url, init);
  socket.send({ type: 'subscribe', id: '1', payload: { query, variables } });
  return {
    ...socket,
    data: async () => {
      const { type, payload } = await socket.next();
      if (type !== 'next') throw new Error(JSON.stringify({ type, payload }));
      return (payload as { data: unknown }).data;
    },
  };
}
