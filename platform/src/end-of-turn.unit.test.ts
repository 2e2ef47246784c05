import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { atEndOfTurn } from './end-of-turn.js';

it('runs what was handed over after everything of this turn, in its order', async () => {
  const heard: string[] = [];
  atEndOfTurn(() => heard.push('first'));
  process.nextTick(() => atEndOfTurn(() => heard.push('third')));
  atEndOfTurn(() => heard.push('second'));
  heard.push('now');
  await setImmediate();
  expect(heard).toEqual(['now', 'first', 'second', 'third']);
});

it('leaves what is handed over meanwhile to the next turn', async () => {
  const heard: string[] = [];
  const again = () => {
    heard.push('once');
    if (heard.length < 3) atEndOfTurn(again);
  };
  atEndOfTurn(again);
  await setImmediate();
  expect(heard).toEqual(['once']);
  await setImmediate();
  await setImmediate();
  expect(heard).toHaveLength(3);
});
