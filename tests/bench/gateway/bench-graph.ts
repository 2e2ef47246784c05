import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type DocumentNode, type GraphQLSchema } from 'graphql';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

const REVIEWS_EACH = 3;
const USERS = 40;

const product = (n: number) => ({
  __typename: 'Product',
  id: `p${n}`,
  name: `Product number ${n}`,
  description: `What product ${n} is good for, in one line.`,
  price: { amountMinor: 1_000 + n, currency: 'EUR' },
});
const numberOf = (id: string) => Number(id.slice(1));
const reviewsOf = (n: number) =>
  Array.from({ length: REVIEWS_EACH }, (_, i) => ({
    id: `r${n}-${i}`,
    stars: 1 + ((n + i) % 5),
    text: `Review ${i} of product ${n}`,
    author: { __typename: 'User', id: `u${(n * 7 + i) % USERS}` },
  }));

const subgraphs: Record<string, { sdl: string; resolvers: object }> = {
  products: {
    sdl: `type Query { products(first: Int!, page: Int!): [Product!]! product(id: ID!): Product }
      type Product @key(fields: "id") { id: ID! name: String! description: String price: Price! }
      type Price { amountMinor: Int! currency: String! }`,
    resolvers: {
      Query: {
        product: (_: unknown, { id }: { id: string }) => product(numberOf(id)),
        products: (_: unknown, { first, page }: { first: number; page: number }) =>
          Array.from({ length: first }, (_each, i) => product(page * first + i)),
      },
    },
  },
  stock: {
    sdl: `type Product @key(fields: "id") { id: ID! stock: Stock! }
      type Stock { quantity: Int! warehouse: String! }`,
    resolvers: { Product: { stock: ({ id }: { id: string }) => ({ quantity: numberOf(id) % 50, warehouse: `W${numberOf(id) % 3}` }) } },
  },
  reviews: {
    sdl: `type Product @key(fields: "id") { id: ID! reviews: [Review!]! }
      type Review { id: ID! stars: Int! text: String! author: User! }
      type User @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: { Product: { reviews: ({ id }: { id: string }) => reviewsOf(numberOf(id)) } },
  },
  users: {
    sdl: 'type User @key(fields: "id") { id: ID! name: String! } type Query { user(id: ID!): User }',
    resolvers: { User: { name: ({ id }: { id: string }) => `User ${id}` }, Query: { user: (_: unknown, args: { id: string }) => args } },
  },
};

export const subgraphNames: readonly string[] = Object.keys(subgraphs);

export function subgraphTypes(name: string): DocumentNode {
  return parse(`${link} ${subgraphs[name]?.sdl ?? ''}`);
}

export function subgraphSchema(name: string): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: subgraphTypes(name), resolvers: subgraphs[name]?.resolvers as never }]);
}
