import { GraphQLError } from 'graphql';
import type { ClientRequest } from './client-request.js';
import type { OperationParams } from './http/request-form.js';

/** The text of the document that a client means, or why it gets none. */
export type ResolvedDocument =
  | {
      kind: 'text';
      text: string;
      /** Somebody registered it before it was sent; false when left out. */
      isRegistered?: boolean;
      /** What the client is told beside the answer, over HTTP. */
      headers?: Readonly<Record<string, string>>;
    }
  | { kind: 'refused'; errors: readonly GraphQLError[] };

/** Through both doors, before a document is looked at. */
export type ResolveDocument = (params: OperationParams, request: ClientRequest) => ResolvedDocument | Promise<ResolvedDocument>;

/** Documents come as their text; nothing is known by an id. */
export const documentsAsText: ResolveDocument = ({ query, extensions }) => {
  if (query !== null) return { kind: 'text', text: query };
  if (extensions['persistedQuery'] !== undefined)
    return refused('Operations are not known by a hash here.', 'PERSISTED_QUERY_NOT_SUPPORTED');
  return refused('A GraphQL request holds a query.', 'BAD_REQUEST');
};

function refused(message: string, code: string): ResolvedDocument {
  return { kind: 'refused', errors: [new GraphQLError(message, { extensions: { code, http: { status: 400 } } })] };
}
