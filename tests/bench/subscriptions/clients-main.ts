// Many clients in one process: each a socket that follows one order.
import { WebSocket } from 'ws';
import { z } from 'zod';
import { answerParent } from '../bench-process.js';

const QUERY = `subscription Follow($id: ID!) {
  orderStatusChanged(orderId: $id) { revision status message order { number payment { status } } } }`;

/** No parser: the time that it takes with a thousand messages would be taken for the gateway's. */
const nextPattern = /"revision":(\d+),.*"message":"(\d+)"/;

/** Told of every event, by the order that it is of. */
const hearing = new Map<string, (revision: number, tookMs: number) => void>();

function open(port: number, id: string): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('{"type":"connection_ack"'))
        return socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY, variables: { id } } }));
      const receivedNs = process.hrtime.bigint();
      const [, revision, sentNs] = nextPattern.exec(text) ?? [];
      if (revision === undefined || sentNs === undefined) return reject(new Error(`The gateway says ${text}`));
      resolve();
      hearing.get(id)?.(Number(revision), Number(receivedNs - BigInt(sentNs)) / 1e6);
    });
  });
}

/** At most this many are being opened at a time. */
const OPENING = 100;

async function openAll(port: number, ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await open(port, id);
  };
  await Promise.all(Array.from({ length: OPENING }, work));
}

/** How long the last of `count` clients waited for the event of this revision. */
function lastOf(id: string, revision: number, count: number): Promise<number> {
  let heard = 0;
  return new Promise((resolve) =>
    hearing.set(id, (told, tookMs) => {
      if (told === revision && ++heard === count) resolve(tookMs);
    }),
  );
}

let lastMs: Promise<number> = Promise.resolve(0);

const question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), port: z.number(), ids: z.array(z.string()) }),
  z.object({ kind: z.literal('expect'), id: z.string(), revision: z.number(), count: z.number() }),
  z.object({ kind: z.literal('last') }),
]);

answerParent(question, async (asked) => {
  switch (asked.kind) {
    case 'open':
      await openAll(asked.port, asked.ids);
      return {};
    case 'expect':
      lastMs = lastOf(asked.id, asked.revision, asked.count);
      return {};
    case 'last':
      return { lastMs: await lastMs };
    default:
      return asked satisfies never;
  }
});
