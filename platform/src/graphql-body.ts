import { z } from 'zod';
import { badUserInput } from './graphql-errors.js';

/** A GraphQL request between our own processes. */
export interface GraphQLBody {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  /** The same as JSON, where it is written already. */
  text?: string | undefined;
}

/** Where every subgraph answers GraphQL. */
export const GRAPHQL_PATH = '/graphql';

const bodySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Throws BAD_USER_INPUT when the text is no GraphQL request. */
export function parseGraphQLBody(text: string): GraphQLBody {
  const body = bodySchema.safeParse(parseJson(text));
  if (!body.success) throw badUserInput('A GraphQL request is a JSON object with a query.');
  return { query: body.data.query, variables: body.data.variables ?? undefined, operationName: body.data.operationName ?? undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badUserInput('The body is not JSON.');
  }
}
