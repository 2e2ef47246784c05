import { describe, expect, it } from 'vitest';
import { fairQueue } from './fair-queue.js';

describe('a fair queue', () => {
  it('serves first whoever used least, and of one the oldest', () => {
    const queue = fairQueue<string>(10);
    queue.used('much', 500);
    for (const item of ['m1', 'm2']) queue.add('much', item);
    for (const item of ['l1', 'l2']) queue.add('little', item);
    const order = () => queue.next();
    expect([order(), order(), order(), order(), order()]).toEqual(['l1', 'l2', 'm1', 'm2', null]);
  });

  it('turns away the newest of whoever has most waiting', () => {
    const queue = fairQueue<string>(3);
    for (const item of ['m1', 'm2', 'm3']) expect(queue.add('much', item)).toBeNull();
    expect(queue.add('much', 'm4')).toBe('m4');
    expect(queue.add('little', 'l1')).toBe('m3');
    expect(queue.add('other', 'o1')).toBe('m2');
    expect(queue.add('fourth', 'f1')).toBe('f1');
    expect(queue.clear().toSorted()).toEqual(['l1', 'm1', 'o1']);
  });
});
