import type { QueryPlanSelectionNode } from '@apollo/query-planner';
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
      const key = JSON.stringify(representation);
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

function compileSelections(selections: readonly QueryPlanSelectionNode[], conditions: TypeConditions): Select {
  const parts = selections.map((selection) => compileSelection(selection, conditions));
  return (source) => {
    const target: JsonObject = {};
    for (const part of parts) if (!part(source, target)) return null;
    return target;
  };
}

function compileSelection(
  selection: QueryPlanSelectionNode,
  conditions: TypeConditions,
): (source: JsonObject, target: JsonObject) => boolean {
  if (selection.kind === 'InlineFragment') {
    const select = compileSelections(selection.selections, conditions);
    const names = selection.typeCondition === undefined ? null : conditions(selection.typeCondition);
    return (source, target) => {
      const selected = !names || names.has(String(own(source, '__typename'))) ? select(source) : null;
      if (selected) mergeInto(target, selected, false);
      return true;
    };
  }
  const key = selection.alias ?? selection.name;
  const below = selection.selections && compileSelections(selection.selections, conditions);
  return (source, target) => {
    const value = own(source, key);
    if (value === undefined) return false;
    put(target, key, below ? selectEach(value, below) : value);
    return true;
  };
}

function selectEach(value: unknown, select: Select): unknown {
  if (Array.isArray(value)) return value.map((element) => selectEach(element, select));
  return isObject(value) ? select(value) : null;
}
