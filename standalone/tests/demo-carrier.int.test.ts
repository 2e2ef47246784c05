import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createLogger } from '@shop/platform/logger';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDemoCarrier } from '../src/carrier/demo-carrier.js';

/** A shop without orders, whose access tokens are good for four requests. */
const shop = createServer((request, response) => void serve(request, response));
const tokens: number[] = [];

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if ((await text(request)).includes('CarrierSignIn')) {
    tokens.push(4);
    answer(200, { data: { signIn: { __typename: 'AuthSession', accessToken: String(tokens.length - 1) } } });
    return;
  }
  const token = Number(request.headers.authorization?.slice('Bearer '.length));
  const left = tokens[token] ?? 0;
  tokens[token] = left - 1;
  if (left > 0) answer(200, { data: { orders: { nodes: [] } } });
  else answer(401, { errors: [{ message: 'The Authorization header holds no valid token.' }] });
}

beforeAll(() => new Promise<void>((resolve) => void shop.listen(0, '127.0.0.1', resolve)));
afterAll(() => void shop.close());

it('signs in again when its access token has expired, and finishes its round', async () => {
  const { port } = shop.address() as AddressInfo;
  await using carrier = startDemoCarrier({
    url: `http://127.0.0.1:${port}`,
    email: 'staff@shop.example',
    password: 'demo-shop-password',
    logger: createLogger('carrier', 'silent'),
  });
  await carrier.drain();
  await carrier.drain();
  expect(tokens).toEqual([-1, expect.any(Number)]);
});
