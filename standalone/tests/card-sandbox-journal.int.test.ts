import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../src/card-sandbox/journal.js';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-journal-'));
  file = join(folder, 'deep', 'journal.ndjson');
});
afterEach(() => rm(folder, { recursive: true }));

/** Keeps the newest value of each line's key. */
function newestValues() {
  const values = new Map<unknown, unknown>();
  const restore = (line: unknown): void => {
    if (Array.isArray(line)) values.set(line[0], line[1]);
  };
  return { values, restore, snapshot: () => values };
}

test('what was appended comes back in its order, however it was batched', async () => {
  {
    await using journal = await openJournal(file, newestValues());
    await Promise.all(Array.from({ length: 500 }, (_, index) => journal.append([index % 7, index])));
    await journal.append(['ü', 'last']);
  }
  const state = newestValues();
  await using _journal = await openJournal(file, state);
  expect([...state.values]).toEqual([...[497, 498, 499, 493, 494, 495, 496].map((value) => [value % 7, value]), ['ü', 'last']]);
});

test('a torn last line is cut off, so that the next one is whole', async () => {
  {
    await using journal = await openJournal(file, newestValues());
    await journal.append(['a', 1]);
  }
  await writeFile(file, '["b",2', { flag: 'a' });
  {
    await using journal = await openJournal(file, newestValues());
    await journal.append(['c', 3]);
  }
  expect(await readFile(file, 'utf8')).toBe('["a",1]\n["c",3]\n');
});

test('damage before the last line is not passed over', async () => {
  {
    await using _journal = await openJournal(file, newestValues());
  }
  await writeFile(file, '["a",1\n["b",2]\n');
  await expect(openJournal(file, newestValues())).rejects.toThrow(SyntaxError);
});

test('a long journal is rewritten as what it amounts to', async () => {
  {
    await using journal = await openJournal(file, newestValues());
    for (let index = 0; index < 100; index++) await journal.append(['a', index]);
  }
  {
    await using journal = await openJournal(file, newestValues(), 100);
    await journal.append(['b', 1]);
  }
  expect(await readFile(file, 'utf8')).toBe('["a",99]\n["b",1]\n');
});
