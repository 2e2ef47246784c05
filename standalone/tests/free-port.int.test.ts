import { expect, it } from 'vitest';
import { freePort } from '../src/free-port.js';

it('gives no port out twice, also where nobody listens on it yet', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
  expect(new Set(ports).size).toBe(200);
});
