import { productChanged } from '@shop/events/catalog';
import type { EventEnvelope } from '@shop/platform/event';
import { createLogger } from '@shop/platform/logger';
import { natsBus } from '@shop/platform/nats-bus';
import { sendAgain, sendAgainSince } from '@shop/platform/outbox';
import { z } from 'zod';
import { Refused, type ServiceDatabases } from './service-databases.js';
import { SERVICES, type Service } from './services.js';

/** How an event reaches its consumers once more; those that have handled it know it and do nothing. */
export interface Again extends AsyncDisposable {
  /** Throws `Refused` when there is no way. */
  send(event: EventEnvelope): Promise<void>;
}

const CONNECT_WITHIN_MS = 10_000;

/** Straight onto the broker where there is one; else by the outbox of its owner, which a running shop empties within a second. */
export function againBy(natsUrl: string | null, databases: ServiceDatabases): Again {
  if (natsUrl === null) {
    return { send: (event) => sendByOutbox(event, databases), [Symbol.asyncDispose]: async () => undefined };
  }
  const bus = natsBus({ url: natsUrl, name: 'events', logger: createLogger('events', 'silent') });
  return {
    send: async (event) => {
      const connected = bus.connected(AbortSignal.timeout(CONNECT_WITHIN_MS));
      await connected.catch((cause: unknown) => {
        throw new Refused(`NATS does not answer within ${CONNECT_WITHIN_MS / 1000} s at ${new URL(natsUrl).host}.`, { cause });
      });
      await bus.publishAgain(event);
    },
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}

/** Lets a service send again what it has sent since; returns how many events that will be. */
export async function redriveService(service: Service, since: Date, databases: ServiceDatabases): Promise<number> {
  const url = await databases.urlOf(service);
  if (!url.startsWith('postgres')) throw new Refused(`The outbox of ${service} is no PostgreSQL database.`);
  const sql = await databases.of(service);
  const products = service === 'catalog' ? await sql.run(`${productsAreDue} where updated_at >= $1`, [since]) : 0;
  return products + (await sendAgainSince(sql, since));
}

/** The catalog's events are the products themselves: those whose newest version was not sent. */
const productsAreDue = `update product set published_version = version - 1`;

async function sendByOutbox(event: EventEnvelope, databases: ServiceDatabases): Promise<void> {
  const owner = event.type.slice(0, event.type.indexOf('.'));
  const service = SERVICES.find((name) => name === owner);
  if (service === undefined) throw new Refused(`${event.type} belongs to no service that could send it again.`);
  const sql = await databases.of(service);
  if (event.type !== productChanged.type) return sendAgain(sql, event);
  const [product] = await sql.rows(z.object({ _id: z.string() }), `${productsAreDue} where _id = $1 returning _id`, [event.aggregateId]);
  if (!product) throw new Refused(`There is no product ${event.aggregateId} any more.`);
}
