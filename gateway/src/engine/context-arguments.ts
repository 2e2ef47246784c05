import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import { isObject, own, put, type JsonObject } from './json.js';
import { ancestorsOf, type Places } from './places.js';
import type { TypeConditions } from './type-conditions.js';

/** Objects whose `@fromContext` arguments have the same values. */
export interface ContextGroup {
  /** By variable of the fetch. */
  arguments: JsonObject;
  objects: JsonObject[];
  /** The plan did not fetch what an argument is taken from: there is nothing that may be asked. */
  isIncomplete: boolean;
}

/** Reads what `@fromContext` arguments are taken from: fields of objects further up in the response. */
export function compileContextArguments(
  rewrites: readonly FetchDataKeyRenamer[],
  conditions: TypeConditions,
): (root: JsonObject, places: Places) => ContextGroup[] {
  const reads = rewrites.map(({ path, renameKeyTo }) => ({ name: renameKeyTo, read: compileRead(path, conditions) }));
  return (root, places) => {
    const ancestors = ancestorsOf(root, places.path);
    const groups = new Map<string, ContextGroup>();
    for (const object of places.objects) {
      const given: JsonObject = {};
      for (const { name, read } of reads) if (own(given, name) === undefined) put(given, name, read(ancestors.get(object) ?? []));
      const key = JSON.stringify(given);
      const isIncomplete = reads.some(({ name }) => own(given, name) === undefined);
      const group = groups.get(key) ?? { arguments: given, objects: [], isIncomplete };
      group.objects.push(object);
      groups.set(key, group);
    }
    return [...groups.values()];
  };
}

/** `..` goes one object up; what follows goes down from there. Undefined when the object is of another type. */
function compileRead(path: readonly string[], conditions: TypeConditions): (ancestors: readonly JsonObject[]) => unknown {
  const up = path.findIndex((element) => element !== '..');
  const down = path.slice(up).map((element) => compileElement(element, conditions));
  return (ancestors) => down.reduce((value: unknown, element) => element(value), ancestors.at(-1 - up));
}

function compileElement(element: string, conditions: TypeConditions): (value: unknown) => unknown {
  const [, condition] = /^\.\.\. on (\w+)$/.exec(element) ?? [];
  const names = condition === undefined ? null : conditions(condition);
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(read);
    if (!isObject(value)) return value;
    if (!names) return own(value, element);
    const name = value['__typename'];
    return typeof name !== 'string' || names.has(name) ? value : undefined;
  };
  return read;
}
