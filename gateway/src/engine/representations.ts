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
    const waitingFor = waitingRoom();
    const batch: Batch = { representations: [], waiting: [] };
    for (const object of objects) {
      const representation = select(object);
      if (!representation?.['__typename']) continue;
      rewrite?.(representation);
      const waiting = waitingFor(representation);
      if (waiting.length === 0) {
        batch.representations.push(representation);
        batch.waiting.push(waiting);
      }
      waiting.push(object);
    }
    return batch;
  };
}

/**
 * The list of those who wait for a representation: one list for all that are equal. Nearly every fetch is of things of one type by one key
 * that is a string, and such things are told apart by it alone.
 */
function waitingRoom(): (representation: JsonObject) => JsonObject[] {
  let [type, key]: [unknown, string | undefined] = [undefined, undefined];
  const byKey = new Map<string, JsonObject[]>();
  const byText = new Map<string, JsonObject[]>();
  return (representation) => {
    const [first, name, another] = Object.keys(representation);
    const value = name === undefined ? undefined : representation[name];
    if (first !== '__typename' || another !== undefined || typeof value !== 'string') return listAt(byText, JSON.stringify(representation));
    if (key === undefined) [type, key] = [representation['__typename'], name];
    if (name === key && representation['__typename'] === type) return listAt(byKey, value);
    return listAt(byText, JSON.stringify(representation));
  };
}

function listAt(lists: Map<string, JsonObject[]>, key: string): JsonObject[] {
  const known = lists.get(key);
  if (known) return known;
  const list: JsonObject[] = [];
  lists.set(key, list);
  return list;
}

/** Adds a part to what is selected so far, or begins with it; null when something that is needed is missing. */
type SelectPart = (source: JsonObject, selected: JsonObject) => JsonObject | null;

const NOTHING: JsonObject = Object.freeze({});

/** What these selections say of an object; what they name must be known. */
export function compileSelections(selections: readonly QueryPlanSelectionNode[], conditions: TypeConditions): Select {
  const parts = selections.map((selection) =>
    selection.kind === 'Field' ? field(selection, conditions) : fragment(selection, conditions),
  );
  return (source) => {
    let selected: JsonObject | null = NOTHING;
    for (const part of parts) {
      selected = part(source, selected);
      if (!selected) return null;
    }
    return selected === NOTHING ? {} : selected;
  };
}

function field({ alias, name, selections }: QueryPlanFieldNode, conditions: TypeConditions): SelectPart {
  const key = alias ?? name;
  const isPlain = !(key in Object.prototype);
  const below = selections && compileSelections(selections, conditions);
  return (source, before) => {
    const value = isPlain ? source[key] : own(source, key);
    if (value === undefined) return null;
    const selected = before === NOTHING ? {} : before;
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
    if (selected === NOTHING) return more;
    mergeInto(selected, more, false);
    return selected;
  };
}

/** What is selected of a value: an object, or those of a list. */
export function selectEach(value: unknown, select: Select): unknown {
  if (Array.isArray(value)) return value.map((element) => selectEach(element, select));
  return isObject(value) ? select(value) : null;
}
