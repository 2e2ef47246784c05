// Apollo Server with the stock @apollo/gateway, as its documentation has it; the client's Authorization header is handed on.
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

interface Caller {
  authorization?: string | undefined;
}

class ForwardingSource extends RemoteGraphQLDataSource<Caller> {
  override willSendRequest({ request, context }: Parameters<NonNullable<RemoteGraphQLDataSource<Caller>['willSendRequest']>>[0]): void {
    if ('authorization' in context && context.authorization) request.http?.headers.set('authorization', context.authorization);
  }
}

const [, , supergraph = '', port = '0'] = process.argv;
const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(supergraph, 'utf8'),
  buildService: ({ url }) => new ForwardingSource({ url: url ?? '' }),
});
const { url } = await startStandaloneServer(new ApolloServer<Caller>({ gateway }), {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
console.log(`ready ${url}`);
