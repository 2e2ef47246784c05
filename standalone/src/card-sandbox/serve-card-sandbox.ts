import Fastify, { type FastifyInstance } from 'fastify';
import { mountCardSandbox, type CardSandbox, type CardSandboxOptions } from './card-sandbox.js';

export interface ServedCardSandbox extends AsyncDisposable {
  sandbox: CardSandbox;
  /** Where it listens, without a slash at the end. */
  url: string;
}

export interface ServeOptions extends Omit<CardSandboxOptions, 'publicUrl'> {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Default: where it listens. */
  publicUrl?: string;
}

/** The sandbox as a server of its own, with `/health/live` and `/health/ready`. Rejects when the port is taken. */
export async function serveCardSandbox({ host, port, ...options }: ServeOptions): Promise<ServedCardSandbox> {
  const { app, sandbox } = await cardSandboxServer(options);
  const url = await app.listen({ host, port });
  return { sandbox, url, [Symbol.asyncDispose]: () => app.close() };
}

/** The same before it listens. */
export async function cardSandboxServer({
  publicUrl,
  ...options
}: Omit<ServeOptions, 'host' | 'port'>): Promise<{ app: FastifyInstance; sandbox: CardSandbox }> {
  const app = Fastify();
  const sandbox = await mountCardSandbox(app, { ...options, publicUrl: () => publicUrl ?? app.listeningOrigin });
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async () => ({ status: 'ready' }));
  return { app, sandbox };
}
