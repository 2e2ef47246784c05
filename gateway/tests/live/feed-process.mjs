// A subgraph in a process of its own, to be killed: it tells the notes that its parent sent it, and follows what the parent adds.
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const [, , port, sdl] = process.argv;
const notes = [];
let wake = Promise.withResolvers();
process.on('message', (note) => {
  notes.push(note);
  wake.resolve();
  wake = Promise.withResolvers();
});

async function* noted(_, { afterRevision }) {
  let seen = afterRevision ?? Math.max(0, notes.length - 1);
  for (;;) {
    const more = wake.promise;
    for (const note of notes.slice(seen)) {
      seen = note.revision;
      yield { noted: { ...note, viewer: 'unknown', parcel: { id: '1' } } };
    }
    await more;
  }
}

const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: { Subscription: { noted: { subscribe: noted } } } }]);
const server = createServer((_, response) => response.end());
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(port), '127.0.0.1', () => process.send(server.address().port));
