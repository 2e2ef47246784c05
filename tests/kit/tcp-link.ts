import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can break. */
export interface TcpLink extends AsyncDisposable {
  /** As the server's URL, by way of the link. */
  url: string;
  /** New connections are refused, those that are open end. */
  cut(): void;
  /** Nothing goes through any more, and nobody is told. */
  hang(): void;
  mend(): void;
  /**
   * The next time that a client sends these bytes, they go through, and its connection ends when the server answers: the answer is lost.
   * Resolves when that has happened. Several times in a row: each waits for its turn.
   */
  loseAnswerTo(bytes: string): Promise<void>;
}

interface Loss {
  bytes: string;
  happened(): void;
}

export async function openTcpLink(to: string): Promise<TcpLink> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'hanging' = 'open';
  const losses: Loss[] = [];
  const server = createServer((socket) => {
    if (state === 'cut') return void socket.destroy();
    const onward = connect({ host: target.hostname, port: Number(target.port) });
    let isAnswerLost: (() => void) | null = null;
    for (const [from, into] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (state !== 'open') return;
        if (from === onward && isAnswerLost) {
          isAnswerLost();
          return void socket.destroy();
        }
        if (from === socket && losses[0] && data.includes(losses[0].bytes)) isAnswerLost = losses.shift()?.happened ?? null;
        into.write(data);
      });
      from.on('error', () => into.destroy());
      from.on('close', () => {
        sockets.delete(from);
        into.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A listening server has a port.');
  const url = new URL(to);
  url.host = `127.0.0.1:${address.port}`;
  const endAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    cut: () => {
      state = 'cut';
      endAll();
    },
    hang: () => {
      state = 'hanging';
    },
    mend: () => {
      // What went astray meanwhile would be missed in the middle of a stream.
      if (state === 'hanging') endAll();
      state = 'open';
    },
    loseAnswerTo: (bytes) => new Promise((happened) => losses.push({ bytes, happened })),
    [Symbol.asyncDispose]: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
