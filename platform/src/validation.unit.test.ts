import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { validate } from './validation.js';

const schema = z.object({
  name: z.string().min(1).max(3),
  password: z.string().min(10),
  quantity: z.int().min(1).max(9, 'At most nine.'),
  lines: z.array(z.string()).max(1),
});

describe('what is wrong with an input', () => {
  it('is said in words for people, the schema’s own first', () => {
    const checked = validate(schema, { name: '', password: 'short', quantity: 10, lines: ['a', 'b'] });
    expect(checked).toMatchObject({
      kind: 'invalid',
      error: {
        fields: [
          { path: ['name'], message: 'must not be empty' },
          { path: ['password'], message: 'must have at least 10 characters' },
          { path: ['quantity'], message: 'At most nine.' },
          { path: ['lines'], message: 'must have at most 1 entries' },
        ],
      },
    });
  });

  it('holds numbers against bounds that they may not reach', () => {
    const amounts = z.object({ amountMinor: z.int().positive(), share: z.number().lt(1) });
    expect(validate(amounts, { amountMinor: 0, share: 1 })).toMatchObject({
      error: {
        fields: [
          { path: ['amountMinor'], message: 'must be more than 0' },
          { path: ['share'], message: 'must be less than 1' },
        ],
      },
    });
  });

  it('holds numbers against their bounds', () => {
    const checked = validate(schema, { name: 'long', password: 'long enough', quantity: 0, lines: [] });
    expect(checked).toMatchObject({
      error: {
        fields: [
          { path: ['name'], message: 'must have at most 3 characters' },
          { path: ['quantity'], message: 'must be at least 1' },
        ],
      },
    });
  });
});
