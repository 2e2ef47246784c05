import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Mailbox } from './mailbox.js';

const limitSchema = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) });
const idSchema = z.object({ id: z.coerce.number().int().positive() });

/** What is in the mailbox, as JSON, for pages and tests in other processes: `/mails?limit=` and `/mails/:id`; with `/health/live` and `/health/ready`. */
export function serveMailbox(mailbox: Mailbox): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async () => ({ status: 'ready' }));
  app.get('/mails', async ({ query }, reply) => {
    const parsed = limitSchema.safeParse(query);
    return parsed.success ? mailbox.mails(parsed.data.limit) : reply.code(400).send({ message: 'limit is from 1 to 1000.' });
  });
  app.get('/mails/:id', async ({ params }, reply) => {
    const parsed = idSchema.safeParse(params);
    const mail = parsed.success ? await mailbox.mail(parsed.data.id) : null;
    return mail ?? reply.code(404).send({ message: 'There is no such mail.' });
  });
  return app;
}
