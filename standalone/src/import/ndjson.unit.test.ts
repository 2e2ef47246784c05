import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readNdjson } from './ndjson.js';

const mug = '{"slug":"mug","name":"Mug","variants":[{"price":"4.50","stock":2}]}';

it('names each line that cannot be used, and goes on', async () => {
  const items = await Array.fromAsync(
    readNdjson(Readable.from([`no json\n${mug}\n{"slug":"x","name":"X","variants":[{"price":"much"}]}\n`]), 'EUR'),
  );
  expect(items).toMatchObject([
    { kind: 'problem', line: 1, message: 'is no JSON' },
    { kind: 'product', line: 2, product: { slug: 'mug' } },
    { kind: 'problem', line: 3, message: expect.stringContaining('variants.0.price') },
  ]);
});

it('says what is wrong in words for people', async () => {
  const items = await Array.fromAsync(readNdjson(Readable.from(['{"slug":"mug","name":"","variants":[]}\n']), 'EUR'));
  expect(items).toMatchObject([{ message: 'name: must not be empty; variants: must have at least 1 entries' }]);
});
