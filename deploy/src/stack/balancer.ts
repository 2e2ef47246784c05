import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { pause } from '@shop/platform/lifecycle';

/** Spreads connections over replicas of one process, in turn. Disposing cuts all that are open. */
export interface Balancer extends AsyncDisposable {
  port: number;
}

export interface BalancerOptions {
  /** Whether a replica wants connections; asked again and again. All do when left out. */
  isReady?(port: number): Promise<boolean>;
  /** Until it is asked again; 250. */
  everyMs?: number;
}

const CONNECT_MS = 1_000;

/**
 * Listens on `port` of 127.0.0.1 and hands each connection to the next of `targets` that is ready and takes it; one that is gone is passed
 * over, and one that is not ready comes last. Connections that are open stay where they are. Rejects when the port is taken.
 */
export async function startBalancer(port: number, targets: readonly number[], options: BalancerOptions = {}): Promise<Balancer> {
  const open = new Set<Socket>();
  const watch = watchReadiness(targets, options);
  let turn = 0;
  const inTurn = (): number[] => {
    const first = turn++ % targets.length;
    const all = [...targets.slice(first), ...targets.slice(0, first)];
    return [...all.filter(watch.isReady), ...all.filter((target) => !watch.isReady(target))];
  };
  const server = createServer({ pauseOnConnect: true }, (client) => {
    keep(open, client);
    void handOn(client, inTurn(), open);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
      await watch[Symbol.asyncDispose]();
    },
  };
}

/** What each replica has said last. */
function watchReadiness(targets: readonly number[], { isReady, everyMs = 250 }: BalancerOptions) {
  const unready = new Set<number>();
  const ended = new AbortController();
  const follow = async (target: number, ask: (port: number) => Promise<boolean>): Promise<void> => {
    for (; !ended.signal.aborted; await pause(everyMs, ended.signal)) {
      if (await ask(target).catch(() => false)) unready.delete(target);
      else unready.add(target);
    }
  };
  const following = isReady ? targets.map((target) => follow(target, isReady)) : [];
  return {
    isReady: (target: number): boolean => !unready.has(target),
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await Promise.all(following);
    },
  };
}

async function handOn(client: Socket, targets: readonly number[], open: Set<Socket>): Promise<void> {
  const upstream = await firstThatTakes(targets);
  if (upstream === null || client.destroyed) {
    upstream?.destroy();
    client.destroy();
    return;
  }
  keep(open, upstream);
  // Either side may hang up at any time; the other one is told by the end of its connection.
  await Promise.all([pipeline(client, upstream), pipeline(upstream, client)]).catch(() => undefined);
  client.destroy();
  upstream.destroy();
}

async function firstThatTakes(targets: readonly number[]): Promise<Socket | null> {
  for (const port of targets) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const isOpen = await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) }).then(
      () => true,
      () => false,
    );
    if (isOpen) return socket;
    socket.destroy();
  }
  return null;
}

function keep(open: Set<Socket>, socket: Socket): void {
  socket.setNoDelay(true);
  // Without a listener an error of a connection would end the process; `pipeline` has told of it already.
  socket.on('error', () => undefined);
  open.add(socket);
  socket.once('close', () => open.delete(socket));
}
