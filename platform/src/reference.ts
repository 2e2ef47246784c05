import DataLoader from 'dataloader';
import type { RequestContext } from './request-context.js';

/** Finds one entity by the key fields of its representation. */
export type ReferenceResolver<R, C> = (representation: R, context: C) => Promise<object | null>;

/** Representations in one `_entities` call at most; a page of 100 products with their variants stays below. */
export const MAX_REPRESENTATIONS = 2_000;

/**
 * A reference resolver that reads all entities of a request at once. `keyOf` names the entity in a representation; `load` gets the
 * distinct keys and returns what the viewer may see of them. A key that `load` leaves out becomes null: a missing entity never fails
 * the response.
 */
export function batchedReference<R, C extends RequestContext, E extends object>(
  keyOf: (representation: R) => string,
  load: (keys: readonly string[], context: C) => Promise<ReadonlyMap<string, E>>,
): ReferenceResolver<R, C> {
  const loaderOf = batchedByRequest(load);
  return (representation, context) => loaderOf(context).load(keyOf(representation));
}

/** One loader a request: keys asked for in the same turn are read together, each once. */
export function batchedByRequest<C extends RequestContext, E>(
  load: (keys: readonly string[], context: C) => Promise<ReadonlyMap<string, E>>,
): (context: C) => { load(key: string): Promise<E | null> } {
  const loaders = new WeakMap<C, DataLoader<string, E | null>>();
  return (context) => {
    const known = loaders.get(context);
    if (known) return known;
    const made = new DataLoader<string, E | null>(async (keys) => {
      const found = await load(keys, context);
      return keys.map((key) => found.get(key) ?? null);
    });
    loaders.set(context, made);
    return made;
  };
}
