import { readFile } from 'node:fs/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { startTestShop, type TestShop } from '@shop/tests/kit/shop';

const issuedSchema = z.object({ apiKey: z.string(), client: z.object({ id: z.string() }) });
const listSchema = z.object({ operations: z.array(z.object({ id: z.string(), name: z.string(), body: z.string() })) });

export interface Issued {
  apiKey: string;
  clientId: string;
}

export interface PartnerAnswer {
  status: number;
  headers: Headers;
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  /** Of the first error. */
  code: unknown;
}

/** The whole shop, an administrator's hand on its API clients, and what a partner does with a key. */
export async function startPartnerShop() {
  const shop: TestShop = await startTestShop();
  const admin = await shop.signedIn('admin@shop.example');
  const manage = (text: string, variables: object) => admin.get(text, { ...variables });
  return {
    shop,
    issue: async (input: object = {}): Promise<Issued> => {
      const { apiKey, client } = issuedSchema.parse(
        await manage(
          'mutation ($input: CreateApiClientInput!) { createApiClient(input: $input) { ... on ApiClientSecret { apiKey client { id } } } }',
          { input: { name: 'Partner', manifest: 'marketplace', scopes: ['stock:read', 'orders:read'], ...input } },
        ),
      );
      return { apiKey, clientId: client.id };
    },
    rotate: async (id: string, overlapSeconds: number): Promise<Issued> => {
      const { apiKey, client } = issuedSchema.parse(
        await manage(
          'mutation ($id: ID!, $seconds: Int!) { rotateApiClientKey(id: $id, overlapSeconds: $seconds) { ... on ApiClientSecret { apiKey client { id } } } }',
          { id, seconds: overlapSeconds },
        ),
      );
      return { apiKey, clientId: client.id };
    },
    revoke: (id: string) => manage('mutation ($id: ID!) { revokeApiClient(id: $id) }', { id }),
    post: (body: object, headers: Record<string, string> = {}) =>
      answerOf(
        fetch(`${shop.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      ),
    get: (pathAndQuery: string, headers: Record<string, string> = {}) => answerOf(fetch(`${shop.url}${pathAndQuery}`, { headers })),
    socket: (apiKey: string) => {
      const client = createClient({
        url: `${shop.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: bearer(apiKey),
        retryAttempts: 0,
      });
      /** The library insists on a query, and says to leave it empty beside an id. */
      const ask = (payload: object) => client.iterate({ query: '', ...payload });
      return { ask, [Symbol.asyncDispose]: async () => client.dispose() };
    },
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  };
}

export type PartnerShop = Awaited<ReturnType<typeof startPartnerShop>>;

export function bearer(apiKey: string): { authorization: string } {
  return { authorization: `Bearer ${apiKey}` };
}

/** The committed operations of a list, by name. */
export async function operationsIn(list: string): Promise<(name: string) => { id: string; body: string }> {
  const text = await readFile(new URL(`../../../schema/${list}.manifest.json`, import.meta.url), 'utf8');
  const operations = new Map(listSchema.parse(JSON.parse(text)).operations.map((operation) => [operation.name, operation]));
  return (name) => {
    const found = operations.get(name);
    if (!found) throw new Error(`${list} has no ${name}`);
    return found;
  };
}

async function answerOf(request: Promise<Response>): Promise<PartnerAnswer> {
  const answer = await request;
  const body = (await answer.json()) as Pick<PartnerAnswer, 'data' | 'errors'>;
  return { status: answer.status, headers: answer.headers, ...body, code: body.errors?.[0]?.extensions['code'] };
}
