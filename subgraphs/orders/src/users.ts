import { MyContactDocument } from '@shop/generated/users/graphql';
import type { RequestContext } from '@shop/platform/request-context';
import { subgraphClient } from '@shop/platform/subgraph-client';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';

export interface Contact {
  email: string;
  /** BCP 47. */
  locale: string;
}

export interface Contacts {
  /** How to write to the signed-in viewer; null for everybody else. Throws SERVICE_UNAVAILABLE. */
  ofViewer(context: RequestContext): Promise<Contact | null>;
}

/** Reads from the users subgraph. */
export function contactsOf(transport: SubgraphTransport): Contacts {
  const client = subgraphClient({ target: 'users', transport });
  return { ofViewer: async (context) => (await client.read(MyContactDocument, {}, context)).me };
}
