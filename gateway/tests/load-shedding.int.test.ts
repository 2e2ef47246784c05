import { expect, it } from 'vitest';
import { startTestGateway } from './gateway-kit.js';

it('refuses queries with 503 while the process cannot keep up, and answers again afterwards', async () => {
  await using shop = await startTestGateway({ shedAboveDelayMs: 100 });
  const ask = () => fetch(shop.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ carriers }"}' });
  const until = async (status: number, meanwhile: () => void): Promise<Response> => {
    for (;;) {
      meanwhile();
      const answer = await ask();
      if (answer.status === status) return answer;
    }
  };
  const busyFor = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  const refused = await until(503, () => busyFor(250));
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
  expect((await until(200, () => undefined)).status).toBe(200);
});
