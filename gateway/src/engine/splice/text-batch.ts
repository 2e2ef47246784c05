import type { SplicedObject } from './spliced-object.js';

/** What is asked of `_entities`, each once. */
export interface TextBatch {
  /** The representations, with commas between them. */
  text: string;
  /** The objects that wait for each of them. */
  waiting: SplicedObject[][];
}

/** Null when something of an object is not known. */
export function batchOf(objects: readonly SplicedObject[], fetch: number): TextBatch | null {
  const byType = new Map<string, Map<string, SplicedObject[]>>();
  const batch: TextBatch = { text: '', waiting: [] };
  for (const object of objects) {
    const representation = object.layout.representations[fetch];
    if (!representation) continue;
    const key = representation.key(object);
    if (key === null) return null;
    const byKey = byType.get(representation.typeName) ?? entered(byType, representation.typeName);
    const waiting = byKey.get(key);
    if (waiting) waiting.push(object);
    else {
      const first = [object];
      byKey.set(key, first);
      if (batch.waiting.push(first) > 1) batch.text += ',';
      batch.text += representation.text(object);
    }
  }
  return batch;
}

function entered<V>(byType: Map<string, Map<string, V>>, typeName: string): Map<string, V> {
  const byKey = new Map<string, V>();
  byType.set(typeName, byKey);
  return byKey;
}
