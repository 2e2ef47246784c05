import { Kind, OperationTypeNode, visit, type DocumentNode, type FieldNode, type NameNode } from 'graphql';

/** What the fields of an operation are called in its plan, and in the data that subgraphs answer: their response names, but for a few. */
export interface PlanNames {
  /** The operation as it is planned. */
  named(document: DocumentNode): DocumentNode;
  keyOf(field: FieldNode): string;
  /** The response name of a key; any other key is its own. */
  responseName(key: string | number): string | number;
  /** Whether all keys are response names. */
  isPlain: boolean;
  /** Variables that are called otherwise in the plan, by the client's names. */
  variables: ReadonlyMap<string, string>;
}

const PREFIX = 'planned_as_';

/** What fetches call their own variables. */
const ownVariable = /^(?:representations|contextualArgument_.*)$/;

/**
 * A client's alias may be the name of another field that a plan asks on its own account (`{ user { id: name } }`, where `id` is the key).
 * Such aliases get another name for the plan, and so do variables that are called as those of entity fetches.
 */
export function planNames(document: DocumentNode, reserved: ReadonlySet<string>): PlanNames {
  const names = new Set<string>();
  const taken = new Set<string>();
  let isPlain = true;
  let isSubscription = false;
  const takesAway = ({ name, alias }: FieldNode) => alias !== undefined && alias.value !== name.value && reserved.has(alias.value);
  visit(document, {
    Field: (field) => {
      names.add(responseNameOf(field));
      if (takesAway(field)) isPlain = false;
    },
    Variable: ({ name }) => {
      names.add(name.value);
      if (ownVariable.test(name.value)) taken.add(name.value);
    },
    OperationDefinition: ({ operation }) => {
      if (operation === OperationTypeNode.SUBSCRIPTION) isSubscription = true;
    },
  });
  // Its first fetch is none of an entity, and goes out with the variables as the client sent them.
  if (isSubscription) taken.clear();
  if (isPlain && taken.size === 0)
    return { named: (same) => same, keyOf: responseNameOf, responseName: (key) => key, isPlain, variables: new Map() };
  let prefix = PREFIX;
  while ([...names].some((name) => name.startsWith(prefix))) prefix += '_';
  const keyOf = (field: FieldNode) => (takesAway(field) ? prefix + responseNameOf(field) : responseNameOf(field));
  const variables = new Map([...taken].map((name) => [name, prefix + name]));
  return {
    isPlain,
    keyOf,
    variables,
    responseName: (key) => (typeof key === 'string' && key.startsWith(prefix) ? key.slice(prefix.length) : key),
    named: (planned) =>
      visit(planned, {
        Field: (field) => (takesAway(field) ? { ...field, alias: named(keyOf(field)) } : undefined),
        Variable: (variable) => {
          const name = variables.get(variable.name.value);
          return name === undefined ? undefined : { ...variable, name: named(name) };
        },
      }),
  };
}

function named(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function responseNameOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
