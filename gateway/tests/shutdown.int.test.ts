import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startTestGateway } from './gateway-kit.js';

/** How a browser opens connections ahead, and how a client that died in the middle of a request looks. */
it.each([
  ['never asks for anything', ''],
  ['stops in the middle of its first request', 'POST /graphql HTTP/1.1\r\nhost: x\r\n'],
])('a connection that %s does not hold up the end', async (_, sent) => {
  const { url, gateway } = await startTestGateway();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  if (sent) socket.write(sent);
  // The server knows of the connection once it has answered a later one.
  expect((await fetch(new URL('/health/live', url), { headers: { connection: 'close' } })).status).toBe(200);
  const closed = once(socket.resume(), 'close');
  await gateway[Symbol.asyncDispose]();
  await closed;
});
