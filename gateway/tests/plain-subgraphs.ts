import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { composeServices } from '@apollo/composition';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])';

const ships = `${link}
  type Query { ship(id: ID!): Ship ships: [Ship!]! whoAsks: String }
  type Mutation { rename(id: ID!, name: String!): Ship! }
  type Subscription { shipSailed(upTo: Int!): Ship! whoListens: String }
  type Ship @key(fields: "id") { id: ID! name: String! }`;

const crews = `${link}
  type Query { crewOf(ship: ID!): [String!]! broken: String treasure: String @authenticated }
  type Ship @key(fields: "id") { id: ID! crew: [String!]! }`;

interface Caller {
  authorization: string | undefined;
}

const ship = ({ id }: { id: string }) => ({ id, name: `Ship ${id}` });

async function* sailing(_: unknown, { upTo }: { upTo: number }) {
  for (let id = 1; id <= upTo; id++) yield { shipSailed: ship({ id: `${id}` }) };
}

async function* listening(_: unknown, __: unknown, { authorization }: Caller) {
  yield { whoListens: authorization ?? 'nobody' };
}

/** Two subgraphs as anybody writes them, with Apollo Server and nothing of this platform, and their supergraph. */
export async function startPlainSubgraphs(): Promise<{ supergraphSdl: string } & AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  const start = async (sdl: string, resolvers: object) => {
    const served = starting.use(await serve(buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }])));
    return served.url;
  };
  const shipsUrl = await start(ships, {
    Query: {
      ship: (_: unknown, args: { id: string }) => ship(args),
      ships: () => ['1', '2', '3'].map((id) => ship({ id })),
      whoAsks: (_: unknown, __: unknown, { authorization }: Caller) => authorization ?? 'nobody',
    },
    Mutation: { rename: (_: unknown, renamed: { id: string; name: string }) => renamed },
    Subscription: { shipSailed: { subscribe: sailing }, whoListens: { subscribe: listening } },
    Ship: { __resolveReference: ship },
  });
  const crewsUrl = await start(crews, {
    Query: {
      crewOf: (_: unknown, of: { ship: string }) => [`Captain of ${of.ship}`],
      broken: () => {
        throw new Error('The mast broke');
      },
      treasure: () => 'gold',
    },
    Ship: { __resolveReference: ({ id }: { id: string }) => ({ id }), crew: ({ id }: { id: string }) => [`Captain of ${id}`] },
  });
  const { supergraphSdl, errors } = composeServices([
    { name: 'ships', url: shipsUrl, typeDefs: parse(ships) },
    { name: 'crews', url: crewsUrl, typeDefs: parse(crews) },
  ]);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  const running = starting.move();
  return { supergraphSdl, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function serve(schema: GraphQLSchema): Promise<{ url: string } & AsyncDisposable> {
  const apollo = new ApolloServer<Caller>({ schema, stopOnTerminationSignals: false });
  await apollo.start();
  const server = createServer((request, response) => {
    void answer(apollo, request).then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
  });
  const sockets = new WebSocketServer({ server });
  const live = useServer<{ authorization?: string }>(
    { schema, context: ({ connectionParams }) => ({ authorization: connectionParams?.authorization }) },
    sockets,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    [Symbol.asyncDispose]: async () => {
      await live.dispose();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await apollo.stop();
    },
  };
}

async function answer(apollo: ApolloServer<Caller>, request: IncomingMessage): Promise<{ status: number; body: string }> {
  const { body, status = 200 } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method ?? '',
      headers: new HeaderMap([['content-type', request.headers['content-type'] ?? '']]),
      search: '',
      body: JSON.parse(await text(request)) as unknown,
    },
    context: async () => ({ authorization: request.headers.authorization }),
  });
  return { status, body: body.kind === 'complete' ? body.string : '' };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
