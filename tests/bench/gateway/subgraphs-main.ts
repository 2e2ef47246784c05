// The subgraphs of the bench, in a process of their own: what they answer is worked out once for each text that they are asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { graphql } from 'graphql';
import { subgraphNames, subgraphSchema } from './bench-graph.js';

const MAX_REMEMBERED = 50_000;

let calls = 0;

function serve(name: string): Promise<string> {
  const schema = subgraphSchema(name);
  const remembered = new Map<string, string>();
  const work = async (text: string): Promise<string> => {
    const { query, variables, operationName } = JSON.parse(text) as { query: string; variables?: object; operationName?: string };
    const result = await graphql({
      schema,
      source: query,
      variableValues: { ...variables },
      ...(operationName && { operationName }),
    });
    // All of it is ASCII.
    const body = JSON.stringify(result);
    if (remembered.size < MAX_REMEMBERED) remembered.set(text, body);
    return body;
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') return tellCalls(response);
    calls++;
    read(request, (text) => {
      const known = remembered.get(text);
      if (known) answer(response, known);
      else void work(text).then((body) => answer(response, body));
    });
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`${name}=http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`);
    });
  });
}

/** As little as can be done for a call: what subgraphs take of the machine, gateways are without. */
function read(request: IncomingMessage, take: (text: string) => void): void {
  let text = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => (text += chunk));
  request.on('end', () => take(text));
}

function answer(response: ServerResponse, body: string): void {
  response.sendDate = false;
  response.writeHead(200, ['content-type', 'application/json', 'content-length', String(body.length)]).end(body, 'latin1');
}

/** How often they were asked since the last time somebody wanted to know. */
function tellCalls(response: ServerResponse): void {
  response.end(String(calls));
  calls = 0;
}

console.log(`ready ${(await Promise.all(subgraphNames.map(serve))).join(' ')}`);
