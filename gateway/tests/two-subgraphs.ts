import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { notFound } from '@shop/platform/graphql-errors';
import type { RequestContext } from '@shop/platform/request-context';
import type { SubgraphServer } from '@shop/platform/subgraph-server';
import { startSmallSubgraph } from './small-subgraph.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@requiresScopes"])';

const parcels = `${link}
  type Query {
    parcel(id: ID!): Parcel
    parcels(first: Int = 20): [Parcel!]!
    byIds(ids: [ID!]!): [Parcel!]!
    long(bytes: Int!): String!
    viewer: String! broken: String secret: String @requiresScopes(scopes: [["secret:read"]])
  }
  type Mutation { rename(id: ID!, name: String!): Parcel! signIn(email: String!, password: String!): String! }
  type Subscription { parcelMoved(id: ID!, upTo: Int!): Move! }
  type Move { step: Int! parcel: Parcel! }
  type Parcel @key(fields: "id") { id: ID! name: String! siblings: [Parcel!]! }`;

const carriers = `${link}
  type Query { carriers: [String!]! }
  type Parcel @key(fields: "id") { id: ID! carrier: String slow: String lost: String }`;

async function* moves(id: string, upTo: number, { signal }: RequestContext) {
  for (let step = 1; step <= upTo; step++) yield { parcelMoved: { step, parcel: { id } } };
  if (upTo === 0) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

const parcel = ({ id }: { id: string }) => ({ id, name: `Parcel ${id}` });

/** Two small subgraphs and their supergraph, to try the gateway on something that is no shop. */
export async function startTwoSubgraphs(): Promise<{ servers: SubgraphServer[]; supergraphSdl: string } & AsyncDisposable> {
  const servers = await Promise.all([
    startSmallSubgraph('parcels', parcels, {
      Query: {
        parcel: (_: unknown, args: { id: string }) => parcel(args),
        viewer: (_: unknown, __: unknown, { viewer }: RequestContext) => viewer.kind,
        broken: () => {
          throw new Error('password=hunter2');
        },
        secret: () => 'told',
        parcels: (_: unknown, { first }: { first: number }) => Array.from({ length: first }, (_each, i) => parcel({ id: `${i}` })),
        byIds: (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => parcel({ id })),
        long: (_: unknown, { bytes }: { bytes: number }) => 'x'.repeat(bytes),
      },
      Mutation: { rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ id, name }), signIn: () => 'token' },
      Subscription: {
        parcelMoved: {
          subscribe: (_: unknown, { id, upTo }: { id: string; upTo: number }, context: RequestContext) => moves(id, upTo, context),
        },
      },
      Parcel: { __resolveReference: parcel, name: parcelName, siblings: () => [parcel({ id: '1' }), parcel({ id: '2' })] },
    }),
    startSmallSubgraph('carriers', carriers, {
      Query: { carriers: () => ['Post'] },
      Parcel: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        carrier: ({ id }: { id: string }) => `Carrier of ${id}`,
        slow: () => new Promise(() => undefined),
        lost: () => {
          throw notFound('The parcel');
        },
      },
    }),
  ]);
  const { supergraphSdl, errors } = composeServices(
    [parcels, carriers].map((sdl, i) => ({ name: ['parcels', 'carriers'][i] ?? '', url: 'http://unused.internal', typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return {
    servers,
    supergraphSdl,
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}

function parcelName({ id, name }: { id: string; name?: string }): string {
  return name ?? `Parcel ${id}`;
}
