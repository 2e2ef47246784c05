import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeStores } from '@shop/deploy/compose/compose-file';
import { startServers, type Servers } from '@shop/deploy/servers/start-servers';
import type { ServerName } from '@shop/deploy/servers/versions';
import { SUBGRAPHS_WITH_DATABASE } from '@shop/standalone/shop-databases';
import pg from 'pg';
import { inject } from 'vitest';
import { z } from 'zod';

declare module 'vitest' {
  interface ProvidedContext {
    /** Left out: the shop runs in the process of the test. */
    shopForm: 'stack' | undefined;
    /** Where the stores of the stack keep their data. */
    stackStoresFolder: string;
  }
}

/** The stores of this test run, which started them. */
export function stackStores(): Promise<Servers<ServerName>> {
  return startServers(composeStores(), inject('stackStoresFolder'));
}

/** Forgets all that an earlier shop has stored. Nothing may be connected. */
export async function emptyStores(stores: Servers<ServerName>): Promise<void> {
  await Promise.all(composeStores().map((name) => empty(stores, name)));
}

async function empty(stores: Servers<ServerName>, name: ServerName): Promise<void> {
  if (name === 'postgres') return dropDatabases(stores.urls.postgres);
  // It takes long to start.
  if (name === 'elasticsearch') return deleteIndices(stores.urls.elasticsearch);
  await stores.stop(name);
  stores.wipe(name);
  await stores.start(name);
}

async function dropDatabases(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const database of SUBGRAPHS_WITH_DATABASE) await client.query(`drop database if exists ${database} with (force)`);
  } finally {
    await client.end();
  }
}

const indicesSchema = z.array(z.object({ index: z.string() }));

async function deleteIndices(url: string): Promise<void> {
  const indices = indicesSchema.parse(await (await fetch(new URL('/_cat/indices?format=json', url))).json());
  for (const { index } of indices) await fetch(new URL(`/${index}`, url), { method: 'DELETE' });
}

/** What was indexed is found after this at once. */
export async function refreshIndices({ urls }: Servers<ServerName>): Promise<void> {
  if (composeStores().includes('elasticsearch')) await fetch(new URL('/_refresh', urls.elasticsearch), { method: 'POST' });
}

const portsSchema = z.object({ ports: z.object({ monitor: z.number() }) });
const consumerSchema = z.object({ stream_name: z.string(), name: z.string(), num_pending: z.number(), num_ack_pending: z.number() });
const consumersSchema = z.object({
  account_details: z
    .array(z.object({ stream_detail: z.array(z.object({ consumer_detail: z.array(consumerSchema).default([]) })).default([]) }))
    .default([]),
});

/** Of each consumer that is not done, as a sentence: what the broker still has to hand out, and waits for the acknowledgement of. */
export async function eventsUnderWay(): Promise<string[]> {
  const { ports } = portsSchema.parse(JSON.parse(readFileSync(join(inject('stackStoresFolder'), 'nats', 'state.json'), 'utf8')));
  const answer = await fetch(`http://127.0.0.1:${ports.monitor}/jsz?consumers=true`);
  const { account_details } = consumersSchema.parse(await answer.json());
  const consumers = account_details.flatMap(({ stream_detail }) => stream_detail.flatMap(({ consumer_detail }) => consumer_detail));
  return consumers
    .filter(({ num_pending, num_ack_pending }) => num_pending + num_ack_pending > 0)
    .map((each) => `${each.name} of ${each.stream_name}: ${each.num_pending} events waiting, ${each.num_ack_pending} in hand`);
}
