import type { QueryPlanFieldNode, QueryPlanInlineFragmentNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { isObject, mergeInto, own, put, type JsonObject } from './json.js';
import type { Rewrite } from './rewrites.js';
import type { TypeConditions } from './type-conditions.js';

/** What is asked of `_entities`, each once, and the objects of the response that wait for each. */
export interface Batch {
  representations: JsonObject[];
  waiting: JsonObject[][];
}

/** Null when something that is needed is missing. */
type Select = (source: JsonObject) => JsonObject | null;

/** Builds the batch of an entity fetch. Objects whose keys are not known are left out; equal ones are asked for once. */
export function compileBatch(
  requires: readonly QueryPlanSelectionNode[],
  rewrite: Rewrite | null,
  conditions: TypeConditions,
): (objects: readonly JsonObject[]) => Batch {
  const select = compileSelections(requires, conditions);
  return (objects) => {
    const places = new Map<string, number>();
    const batch: Batch = { representations: [], waiting: [] };
    for (const object of objects) {
      const representation = select(object);
      if (!representation?.['__typename']) continue;
      rewrite?.(representation);
      const key = keyOf(representation);
      const place = places.get(key);
      if (place === undefined) {
        places.set(key, batch.representations.length);
        batch.representations.push(representation);
        batch.waiting.push([object]);
      } else batch.waiting[place]?.push(object);
    }
    return batch;
  };
}

/** The same for equal representations of one fetch, whose keys always come in the same order. Lengths keep neighbours apart. */
function keyOf(representation: JsonObject): string {
  let key = '';
  for (const name of Object.keys(representation)) {
    const value = representation[name];
    if (typeof value !== 'string') return JSON.stringify(representation);
    key += `${value.length}:${value}`;
  }
  return key;
}

/** Adds a part to what is selected so far; null when something that is needed is missing. */
type SelectPart = (source: JsonObject, selected: JsonObject) => JsonObject | null;

function compileSelections(selections: readonly QueryPlanSelectionNode[], conditions: TypeConditions): Select {
  const parts = selections.map((selection) =>
    selection.kind === 'Field' ? field(selection, conditions) : fragment(selection, conditions),
  );
  return (source) => {
    let selected: JsonObject | null = {};
    for (const part of parts) {
      selected = part(source, selected);
      if (!selected) return null;
    }
    return selected;
  };
}

function field({ alias, name, selections }: QueryPlanFieldNode, conditions: TypeConditions): SelectPart {
  const key = alias ?? name;
  const below = selections && compileSelections(selections, conditions);
  return (source, selected) => {
    const value = own(source, key);
    if (value === undefined) return null;
    put(selected, key, below ? selectEach(value, below) : value);
    return selected;
  };
}

/** A fragment of which something is missing counts as one that does not apply. */
function fragment({ typeCondition, selections }: QueryPlanInlineFragmentNode, conditions: TypeConditions): SelectPart {
  const select = compileSelections(selections, conditions);
  const names = typeCondition === undefined ? null : conditions(typeCondition);
  return (source, selected) => {
    const more = !names || names.has(String(source['__typename'])) ? select(source) : null;
    if (!more) return selected;
    if (Object.keys(selected).length === 0) return more;
    mergeInto(selected, more, false);
    return selected;
  };
}

function selectEach(value: unknown, select: Select): unknown {
  if (Array.isArray(value)) return value.map((element) => selectEach(element, select));
  return isObject(value) ? select(value) : null;
}
