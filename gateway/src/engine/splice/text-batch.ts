import type { SplicedObject } from './spliced-object.js';

/** What is asked of `_entities`, each once, and the objects that wait for each. */
export interface TextBatch {
  texts: string[];
  waiting: SplicedObject[][];
}

/** Null when something of an object is not known. */
export function batchOf(objects: readonly SplicedObject[], fetch: number): TextBatch | null {
  const byType = new Map<string, Map<string, SplicedObject[]>>();
  const batch: TextBatch = { texts: [], waiting: [] };
  for (const object of objects) {
    const representation = object.layout.representations[fetch];
    if (!representation) continue;
    const key = representation.key(object);
    if (key === null) return null;
    const byKey = byType.get(representation.typeName) ?? new Map<string, SplicedObject[]>();
    byType.set(representation.typeName, byKey);
    const waiting = byKey.get(key);
    if (waiting) waiting.push(object);
    else {
      const first = [object];
      byKey.set(key, first);
      batch.texts.push(representation.text(object));
      batch.waiting.push(first);
    }
  }
  return batch;
}
