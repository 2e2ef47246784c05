import { createClient } from 'graphql-ws';
import { request } from 'undici';
import { WebSocket } from 'ws';
import { z } from 'zod';

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.looseObject({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.looseObject({ code: z.string().optional() }).optional(),
      }),
    )
    .optional(),
});

export type Answer = z.infer<typeof answerSchema> & { status: number };

/** A client of the public endpoint, as a frontend would be one. */
export interface ShopClient {
  token: string | null;
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** The value of the only root field; throws when the answer holds errors. */
  get(query: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** Follows a subscription over a WebSocket of its own until the iterator is returned. */
  follow(query: string, variables?: Record<string, unknown>): AsyncIterableIterator<Answer> & AsyncDisposable;
  /** Returns the access token. */
  signIn(email: string, password: string): Promise<string>;
}

export function shopClient(url: string, token: string | null = null): ShopClient {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const ask: ShopClient['ask'] = async (query, variables = {}) => {
    const answer = await request(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify({ query, variables }),
    });
    return { ...answerSchema.parse(await answer.body.json()), status: answer.statusCode };
  };
  const get: ShopClient['get'] = async (query, variables) => {
    const { data, errors } = await ask(query, variables);
    if (errors || !data) throw new Error(`Expected data, got ${JSON.stringify(errors)}`);
    return Object.values(data)[0];
  };
  return {
    token,
    ask,
    get,
    follow: (query, variables = {}) => {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: authorization,
        retryAttempts: 0,
      });
      const stream = client.iterate({ query, variables });
      const end = async () => {
        await stream.return?.();
        await client.dispose();
      };
      const followed: AsyncIterableIterator<Answer> & AsyncDisposable = {
        next: async () => {
          const step = await stream.next();
          return step.done ? { done: true, value: undefined } : { done: false, value: { ...answerSchema.parse(step.value), status: 200 } };
        },
        return: async () => {
          await end();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => followed,
        [Symbol.asyncDispose]: end,
      };
      return followed;
    },
    signIn: async (email, password) => {
      const session = await get(
        'mutation S($email: EmailAddress!, $password: String!) { signIn(email: $email, password: $password) { ... on AuthSession { accessToken } } }',
        { email, password },
      );
      return z.object({ accessToken: z.string() }).parse(session).accessToken;
    },
  };
}
