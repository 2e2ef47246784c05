import { Kind, visit, type DocumentNode, type FieldNode } from 'graphql';

/** What the fields of an operation are called in its plan, and in the data that subgraphs answer: their response names, but for a few. */
export interface PlanNames {
  /** The operation as it is planned. */
  named(document: DocumentNode): DocumentNode;
  keyOf(field: FieldNode): string;
  /** The response name of a key; any other key is its own. */
  responseName(key: string | number): string | number;
  /** Whether all names are the client's own. */
  isPlain: boolean;
}

const PREFIX = 'planned_as_';

/**
 * A client's alias may be the name of another field that a plan asks on its own account (`{ user { id: name } }`, where `id` is the key).
 * Such aliases get another name for the plan.
 */
export function planNames(document: DocumentNode, reserved: ReadonlySet<string>): PlanNames {
  const names = new Set<string>();
  let isPlain = true;
  const takesAway = ({ name, alias }: FieldNode) => alias !== undefined && alias.value !== name.value && reserved.has(alias.value);
  visit(document, {
    Field: (field) => {
      names.add(responseNameOf(field));
      if (takesAway(field)) isPlain = false;
    },
  });
  if (isPlain) return { named: (same) => same, keyOf: responseNameOf, responseName: (key) => key, isPlain };
  let prefix = PREFIX;
  while ([...names].some((name) => name.startsWith(prefix))) prefix += '_';
  const keyOf = (field: FieldNode) => (takesAway(field) ? prefix + responseNameOf(field) : responseNameOf(field));
  return {
    isPlain,
    keyOf,
    responseName: (key) => (typeof key === 'string' && key.startsWith(prefix) ? key.slice(prefix.length) : key),
    named: (planned) =>
      visit(planned, {
        Field: (field) => (takesAway(field) ? { ...field, alias: { kind: Kind.NAME, value: keyOf(field) } as const } : undefined),
      }),
  };
}

function responseNameOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
