import { productChanged } from '@shop/events/catalog';
import type { EventEnvelope } from '@shop/platform/event';
import { createLogger } from '@shop/platform/logger';
import { natsBus } from '@shop/platform/nats-bus';
import { sendAgain, sendAgainSince } from '@shop/platform/outbox';
import { productsInMongo, productsInPostgres, type Products } from './products.js';
import { isPostgres, Refused, type ServiceDatabases } from './service-databases.js';
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
  if (service !== 'catalog') return sendAgainSince(await databases.of(service), since);
  await using products = await productsOf(databases);
  const changed = await reaching(url, () => products.sendAgainSince(since));
  return isPostgres(url) ? changed + (await sendAgainSince(await databases.of(service), since)) : changed;
}

async function productsOf(databases: ServiceDatabases): Promise<Products> {
  const url = await databases.urlOf('catalog');
  return isPostgres(url) ? productsInPostgres(await databases.of('catalog')) : productsInMongo(url);
}

async function reaching<T>(url: string, statement: () => Promise<T>): Promise<T> {
  if (isPostgres(url)) return statement();
  return statement().catch((cause: unknown) => {
    throw new Refused(`The database of catalog can't be reached: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
}

async function sendByOutbox(event: EventEnvelope, databases: ServiceDatabases): Promise<void> {
  const owner = event.type.slice(0, event.type.indexOf('.'));
  const service = SERVICES.find((name) => name === owner);
  if (service === undefined) throw new Refused(`${event.type} belongs to no service that could send it again.`);
  if (event.type !== productChanged.type) return sendAgain(await databases.of(service), event);
  await using products = await productsOf(databases);
  if (!(await products.sendAgain(event.aggregateId))) throw new Refused(`There is no product ${event.aggregateId} any more.`);
}
