import type { FetchDataRewrite } from '@apollo/query-planner';
import { isObject, own, put, type JsonObject } from './json.js';
import type { TypeConditions } from './type-conditions.js';

/** Changes an entity or an answer in place. */
export type Rewrite = (value: JsonObject) => void;

type Visit = (value: unknown) => void;

const FRAGMENT = '... on ';

/** All rewrites of a fetch as one function; null when there are none. */
export function compileRewrites(rewrites: readonly FetchDataRewrite[] | undefined, conditions: TypeConditions): Rewrite | null {
  if (!rewrites?.length) return null;
  const visits = rewrites.map((rewrite) => compileRewrite(rewrite, conditions));
  return (value) => {
    for (const visit of visits) visit(value);
  };
}

/** How the aliases that the planner made are called in the response, for error paths. */
export function renamedKeys(rewrites: readonly FetchDataRewrite[] | undefined): ReadonlyMap<string, string> {
  return new Map(rewrites?.flatMap((rewrite) => (rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1) ?? '', rewrite.renameKeyTo]] : [])));
}

function compileRewrite(rewrite: FetchDataRewrite, conditions: TypeConditions): Visit {
  const key = rewrite.path.at(-1);
  if (key === undefined) return () => undefined;
  return rewrite.path.slice(0, -1).reduceRight((below, element) => step(element, below, conditions), everyObject(change(rewrite, key)));
}

function change(rewrite: FetchDataRewrite, key: string): Rewrite {
  switch (rewrite.kind) {
    case 'ValueSetter': {
      const value: unknown = rewrite.setValueTo;
      return (object) => put(object, key, value);
    }
    case 'KeyRenamer':
      return (object) => {
        const value = own(object, key);
        if (value === undefined) return;
        put(object, rewrite.renameKeyTo, value);
        put(object, key, undefined);
      };
    default:
      throw new Error(`Unknown rewrite ${String(rewrite satisfies never)}`);
  }
}

function step(element: string, below: Visit, conditions: TypeConditions): Visit {
  if (!element.startsWith(FRAGMENT)) return everyObject((object) => below(own(object, element)));
  const names = conditions(element.slice(FRAGMENT.length));
  return everyObject((object) => {
    const name = own(object, '__typename');
    if (typeof name !== 'string' || names.has(name)) below(object);
  });
}

function everyObject(visit: Rewrite): Visit {
  const walk: Visit = (value) => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) visit(value);
  };
  return walk;
}
