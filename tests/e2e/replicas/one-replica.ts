import type { FormattedExecutionResult } from 'graphql';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { claimsOf } from '../../kit/subgraph.js';

/** The shop of this run, once it is open. */
export type ShopNow = () => ShopInStack;

type Pair<T> = readonly [T, T];

/** One replica of a subgraph, reached past gateway and balancer as the gateway would for this viewer. */
export interface Replica extends AsyncDisposable {
  /** The value of the only root field; throws when the answer holds errors. */
  get(query: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** The values of the only root field of a subscription, until the replica is disposed. Throws at an event with errors. */
  follow(query: string, variables?: Record<string, unknown>): AsyncGenerator<unknown, void, void>;
}

/** Where both replicas of a service answer, past their balancer. */
export async function bothUrls({ stack }: ShopInStack, service: string): Promise<Pair<string>> {
  const status = await stack.status();
  const urlOf = (name: string): string => {
    const found = status.find((one) => one.name === name);
    if (!found?.port) throw new Error(`The stack has no ${name}.`);
    return `http://127.0.0.1:${found.port}`;
  };
  return [urlOf(service), urlOf(`${service}-2`)];
}

export async function bothReplicas(shop: ShopInStack, service: string, viewer: Viewer = anonymous): Promise<Pair<Replica>> {
  const secret = shop.stack.environmentOf(service)['ENVELOPE_SECRETS'] ?? '';
  const [one, two] = await bothUrls(shop, service);
  return [replicaAt(one, secret, viewer), replicaAt(two, secret, viewer)];
}

function replicaAt(url: string, secret: string, viewer: Viewer): Replica {
  const transport = httpTransport(url, secret);
  const ended = new AbortController();
  return {
    get: async (query, variables = {}) =>
      rootOf(await transport.execute({ query, variables }, claimsOf(viewer), AbortSignal.timeout(20_000))),
    follow: async function* (query, variables = {}) {
      const stream = await transport.subscribe({ query, variables }, claimsOf(viewer), ended.signal);
      if (!(Symbol.asyncIterator in stream)) throw new Error(`Refused: ${JSON.stringify(stream)}`);
      for await (const answer of stream) yield rootOf(answer);
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await transport[Symbol.asyncDispose]();
    },
  };
}

function rootOf({ data, errors }: FormattedExecutionResult): unknown {
  if (errors?.length || !data) throw new Error(`Expected data, got ${JSON.stringify(errors)}`);
  return Object.values(data)[0];
}
