import { z } from 'zod';
import { expect, it } from 'vitest';
import { envFlag, envPort, envSecrets, readEnvironment } from './config.js';

const schema = z.object({ PORT: envPort, SECRETS: envSecrets, TRUST: envFlag.default(false) });

it('reads an environment into typed values', () => {
  expect(readEnvironment(schema, { PORT: '4000', SECRETS: `${'a'.repeat(32)},${'b'.repeat(32)}` })).toEqual({
    PORT: 4000,
    SECRETS: ['a'.repeat(32), 'b'.repeat(32)],
    TRUST: false,
  });
});

it('names all faults at once, and no value', () => {
  const read = () => readEnvironment(schema, { PORT: 'http', SECRETS: 'too-short', TRUST: 'yes' });
  expect(read).toThrow(/PORT[^]*SECRETS[^]*TRUST/);
  expect(read).not.toThrow(/too-short/);
});
