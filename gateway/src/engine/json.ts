/** An object as JSON knows it. Its keys may be any response name, also `__proto__` and `constructor`: read and write by `own` and `put`. */
export interface JsonObject {
  [key: string]: unknown;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own value; what it inherits is undefined. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own value, whatever the key is called. */
export function put(object: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
  else object[key] = value;
}

/** Whether two values are the same JSON; without writing it. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, i) => isSame(each, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}

/**
 * Merges `source` into `target`: objects by key, lists of the same length by place, anything else replaces what was there. Takes over parts
 * of `source` unless it is `shared`: then it copies them, and `source` can be merged elsewhere too.
 */
export function mergeInto(target: JsonObject, source: JsonObject, shared: boolean): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value === undefined) continue;
    if (typeof value !== 'object' || value === null) put(target, key, value);
    // All else that an object inherits are functions, which nothing is merged into.
    else put(target, key, merged(key === '__proto__' ? own(target, key) : target[key], value, shared));
  }
}

function merged(before: unknown, value: unknown, shared: boolean): unknown {
  if (Array.isArray(value)) {
    const known: readonly unknown[] | null = Array.isArray(before) && before.length === value.length ? before : null;
    if (!known && !shared) return value;
    return value.map((element: unknown, i) => merged(known?.[i], element, shared));
  }
  if (!isObject(value)) return value;
  if (!isObject(before)) {
    if (!shared) return value;
    const copy: JsonObject = {};
    mergeInto(copy, value, true);
    return copy;
  }
  mergeInto(before, value, shared);
  return before;
}
