import { describe, expect, it } from 'vitest';
import { isUuid, newId } from './ids.js';

describe('an id', () => {
  it('is a UUID of version 7 with the millisecond in front', () => {
    const id = newId(Date.now() + 60_000);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isUuid(id)).toBe(true);
  });

  it('sorts after the one made before it, also within a millisecond and when the clock steps back', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => newId(1_800_000_000_000 - (i % 3)));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(['', 'x', '01937b5e-4242-4242-4242-42424242424', "'; drop table orders; --"])('is not "%s"', (text) =>
    expect(isUuid(text)).toBe(false),
  );
});
