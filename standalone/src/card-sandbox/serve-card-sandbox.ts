import Fastify from 'fastify';
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
  logger?: boolean;
}

/** The sandbox as a server of its own, with `/health`. Rejects when the port is taken. */
export async function serveCardSandbox({ host, port, publicUrl, logger = false, ...options }: ServeOptions): Promise<ServedCardSandbox> {
  const app = Fastify({ logger });
  const sandbox = await mountCardSandbox(app, { ...options, publicUrl: () => publicUrl ?? app.listeningOrigin });
  app.get('/health', async () => ({ status: 'ok' }));
  const url = await app.listen({ host, port });
  return { sandbox, url, [Symbol.asyncDispose]: () => app.close() };
}
