// The subgraphs of the bench, in a process of their own: what they answer is worked out once for each text that they are asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { graphql } from 'graphql';
import { subgraphNames, subgraphSchema } from './bench-graph.js';

const MAX_REMEMBERED = 50_000;

let calls = 0;

function serve(name: string): Promise<string> {
  const schema = subgraphSchema(name);
  const remembered = new Map<string, Buffer>();
  const work = async (text: string): Promise<Buffer> => {
    const { query, variables, operationName } = JSON.parse(text) as { query: string; variables?: object; operationName?: string };
    const answer = await graphql({
      schema,
      source: query,
      variableValues: { ...variables },
      ...(operationName && { operationName }),
    });
    const bytes = Buffer.from(JSON.stringify(answer));
    if (remembered.size < MAX_REMEMBERED) remembered.set(text, bytes);
    return bytes;
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') return tellCalls(response);
    calls++;
    void answer(request, response, async (text) => remembered.get(text) ?? work(text));
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`${name}=http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`);
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, of: (text: string) => Promise<Buffer>): Promise<void> {
  const body = await of((await buffer(request)).toString('utf8'));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

/** How often they were asked since the last time somebody wanted to know. */
function tellCalls(response: ServerResponse): void {
  response.end(String(calls));
  calls = 0;
}

console.log(`ready ${(await Promise.all(subgraphNames.map(serve))).join(' ')}`);
