import { isObject, own, type JsonObject } from './json.js';

export type ResponsePath = readonly (string | number)[];

/** Where a step of a plan works: objects of the response that lie at one path of the plan. */
export interface Places {
  /** From the root; `@` stands for every element of a list. */
  path: ResponsePath;
  objects: readonly JsonObject[];
}

/** The objects at `path` below these; what is null or missing on the way is left out. */
export function placesBelow({ path, objects }: Places, below: ResponsePath): Places {
  const found: JsonObject[] = [];
  for (const object of objects) collect(object, below, 0, found);
  return { path: [...path, ...below], objects: found };
}

function collect(value: unknown, path: ResponsePath, at: number, found: JsonObject[]): void {
  if (Array.isArray(value)) {
    const next = path[at] === '@' ? at + 1 : at;
    for (const element of value) collect(element, path, next, found);
  } else if (isObject(value)) {
    if (at === path.length) found.push(value);
    else collect(own(value, String(path[at])), path, at + 1, found);
  }
}

/** The response path of every object at `path`. Walks the response: for errors only. */
export function responsePaths(root: JsonObject, path: ResponsePath): Map<JsonObject, ResponsePath> {
  const paths = new Map<JsonObject, ResponsePath>();
  const walk = (value: unknown, at: number, walked: ResponsePath): void => {
    if (Array.isArray(value)) value.forEach((element, i) => walk(element, path[at] === '@' ? at + 1 : at, [...walked, i]));
    else if (isObject(value)) {
      if (at === path.length) paths.set(value, walked);
      else walk(own(value, String(path[at])), at + 1, [...walked, String(path[at])]);
    }
  };
  walk(root, 0, []);
  return paths;
}

/** Every object at `path` with those that it lies in, the root first and itself last. */
export function ancestorsOf(root: JsonObject, path: ResponsePath): Map<JsonObject, readonly JsonObject[]> {
  const ancestors = new Map<JsonObject, readonly JsonObject[]>();
  const walk = (value: unknown, at: number, above: readonly JsonObject[]): void => {
    if (Array.isArray(value)) for (const element of value) walk(element, path[at] === '@' ? at + 1 : at, above);
    else if (isObject(value)) {
      const here = [...above, value];
      if (at === path.length) ancestors.set(value, here);
      else walk(own(value, String(path[at])), at + 1, here);
    }
  };
  walk(root, 0, []);
  return ancestors;
}

/** The longest path that all of these begin with. */
export function commonPath(paths: readonly ResponsePath[]): ResponsePath {
  const [first = [], ...others] = paths;
  const end = first.findIndex((key, i) => others.some((other) => other[i] !== key));
  return end < 0 ? first : first.slice(0, end);
}
