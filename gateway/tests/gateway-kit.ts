import { WebSocket } from 'ws';
import { startGateway, type Gateway, type GatewayConfig } from '@shop/gateway';
import { directTransport, httpTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { startTwoSubgraphs } from './two-subgraphs.js';

export interface TestGateway extends AsyncDisposable {
  /** Of `/graphql`. */
  url: string;
  gateway: Gateway;
}

/** A gateway over two small subgraphs, in this process or `over HTTP`, with the limits of nobody's configuration. */
export async function startTestGateway(
  config: Partial<GatewayConfig> = {},
  form: 'in process' | 'over HTTP' = 'in process',
): Promise<TestGateway> {
  await using starting = new AsyncDisposableStack();
  const { servers, supergraphSdl } = starting.use(await startTwoSubgraphs());
  const transports = new Map<string, SubgraphTransport>();
  for (const server of servers) {
    const inProcess = form === 'in process';
    const transport = inProcess
      ? directTransport(server, TEST_SECRET)
      : httpTransport(`http://127.0.0.1:${await server.listen(0)}`, TEST_SECRET);
    transports.set(server.name, starting.use(transport));
  }
  const gateway = starting.use(
    await startGateway(
      testGatewayConfig({
        supergraphSdl,
        ...config,
        socketTiming: { drainSpreadMs: 0, ...config.socketTiming },
      }),
      { transports, logger: quietLogger },
    ),
  );
  const port = await gateway.listen(0, '127.0.0.1');
  const running = starting.move();
  return { url: `http://127.0.0.1:${port}/graphql`, gateway, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

export interface Answer {
  status: number;
  text: string;
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

/** POST as a client does. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, text, ...(JSON.parse(text) as Omit<Answer, 'status' | 'text'>) };
}

type Message = { type: string; id?: string; payload?: unknown };

/** A socket as somebody opens it who keeps to no protocol. */
export interface RawSocket extends Disposable {
  socket: WebSocket;
  send(message: object): void;
  /** The next message, in order. */
  next(): Promise<Message>;
  closed: Promise<{ code: number; reason: string }>;
}

export interface RawSocketOptions {
  protocol?: string | string[];
  origin?: string;
  headers?: Record<string, string>;
}

/** Resolves once it is open; rejects when the upgrade is refused. */
export async function rawSocket(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { protocol = 'graphql-transport-ws', origin, headers } = options;
  const socket = new WebSocket(url.replace('http', 'ws'), protocol, { ...(origin && { origin }), ...(headers && { headers }) });
  const messages: Message[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    arrived.resolve();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);
  return {
    socket,
    send: (message) => socket.send(JSON.stringify(message)),
    next: async () => {
      for (;;) {
        const message = messages.shift();
        if (message) return message;
        arrived = Promise.withResolvers();
        await arrived.promise;
      }
    },
    closed,
    [Symbol.dispose]: () => socket.terminate(),
  };
}

/** Open, and acknowledged. */
export async function openSocket(url: string, payload: object = {}, options: RawSocketOptions = {}): Promise<RawSocket> {
  const raw = await rawSocket(url, options);
  raw.send({ type: 'connection_init', payload });
  const answer = await Promise.race([raw.next(), raw.closed]);
  if (!('type' in answer)) throw Object.assign(new Error(answer.reason), answer);
  return raw;
}
