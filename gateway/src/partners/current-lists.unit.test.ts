import { describe, expect, it } from 'vitest';
import { createLogger } from '@shop/platform/logger';
import { currentLists } from './current-lists.js';
import { hashOf, readManifest } from './manifest.js';
import { nothingPersisted, type PersistedLists } from './persisted-lists.js';

function listsOf(...texts: string[]): PersistedLists {
  const read = readManifest('f', JSON.stringify(Object.fromEntries(texts.map((text) => [hashOf(text), text]))));
  if (read.kind === 'faulty') throw new Error(read.faults.join());
  return { partners: new Map(), clients: new Map([['web', read.manifest]]) };
}

describe('the registered operations in force', () => {
  it('are replaced by what was read, and tell what is new', () => {
    const current = currentLists(listsOf('{ a }', '{ b }'), createLogger('test', 'silent'));
    expect(current.take({ kind: 'read', lists: listsOf('{ b }', '{ c }') })).toEqual({ kind: 'taken', added: ['{ c }'] });
    expect(current.take({ kind: 'read', lists: listsOf('{ b }', '{ c }') })).toEqual({ kind: 'unchanged' });
    expect(current.counts()).toEqual({ taken: 1, refused: 0 });
  });

  it('stay when what was read is faulty', () => {
    const current = currentLists(nothingPersisted, createLogger('test', 'silent'));
    expect(current.take({ kind: 'faulty', faults: ['no JSON'] })).toEqual({ kind: 'refused' });
    expect(current.lists()).toBe(nothingPersisted);
    expect(current.counts()).toEqual({ taken: 0, refused: 1 });
  });
});
