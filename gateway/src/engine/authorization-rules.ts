import {
  Kind,
  parse,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
} from 'graphql';
import { argument, securityNames, textOf, type SecurityFeature } from './security-directives.js';

/** One thing that has to hold. Two that ask the same are the same object, so that each is decided once. */
export interface Check {
  kind: SecurityFeature;
  /** Of scopes or policies: every one of at least one of these lists. Empty for `authenticated`. */
  anyOf: readonly (readonly string[])[];
}

/** What a supergraph demands of whoever asks; all checks of a field have to hold. */
export interface AuthorizationRules {
  /** Whether anything is demanded anywhere. */
  isEmpty: boolean;
  /** Of a field of an object or interface: its own, its type's, those of what it returns, and those of all that it `@requires`. */
  checksOf(type: string, field: string): ReadonlySet<Check>;
  /** The named type that a field returns. */
  returned(type: string, field: string): string | undefined;
  /** The object types that something of this type may be, as far as clients know them. */
  possible(type: string): readonly string[];
}

interface TypeRules {
  own: ReadonlySet<Check>;
  interfaces: readonly string[];
  fields: ReadonlyMap<string, FieldRules>;
}

interface FieldRules {
  own: ReadonlySet<Check>;
  returned: string;
  /** Selections that a subgraph needs of other fields before it answers this one, and of which type each is. */
  needs: readonly Need[];
}

interface Need {
  type: string;
  selectionSet: SelectionSetNode;
}

const none: ReadonlySet<Check> = new Set();

/** Reads the security directives of a full supergraph; interfaces, unions and `@requires` are looked through. */
export function authorizationRules(supergraph: DocumentNode): AuthorizationRules {
  const types = readTypes(supergraph);
  const members = readMembers(supergraph);
  const known = new Map<string, ReadonlySet<Check>>();
  const checksOf = (type: string, field: string): ReadonlySet<Check> => {
    const coordinate = `${type}.${field}`;
    const remembered = known.get(coordinate);
    if (remembered) return remembered;
    const found = new Set<Check>();
    collect(type, field, found, new Set());
    known.set(coordinate, found.size > 0 ? found : none);
    return known.get(coordinate) ?? none;
  };
  const collect = (typeName: string, fieldName: string, into: Set<Check>, seen: Set<string>): void => {
    if (seen.has(`${typeName}.${fieldName}`)) return;
    seen.add(`${typeName}.${fieldName}`);
    const type = types.get(typeName);
    const field = type?.fields.get(fieldName);
    if (!type || !field) return;
    for (const checks of [type.own, field.own, types.get(field.returned)?.own ?? none]) checks.forEach((check) => into.add(check));
    for (const need of needsOfField(typeName, fieldName)) needed(need.type, need.selectionSet, into, seen);
  };
  /** A field that comes from an interface object says what it needs at the interface alone. */
  const needsOfField = (typeName: string, fieldName: string): Need[] => {
    const at = (type: string) => types.get(type)?.fields.get(fieldName)?.needs ?? [];
    const inherited = (types.get(typeName)?.interfaces ?? []).flatMap((name) =>
      at(name).map((need) => (need.type === name ? { ...need, type: typeName } : need)),
    );
    return [...at(typeName), ...inherited];
  };
  const needed = (type: string, { selections }: SelectionSetNode, into: Set<Check>, seen: Set<string>): void => {
    for (const selection of selections)
      if (selection.kind === Kind.INLINE_FRAGMENT) needed(selection.typeCondition?.name.value ?? type, selection.selectionSet, into, seen);
      else if (selection.kind === Kind.FIELD) {
        for (const each of new Set([type, ...(members.get(type) ?? [])])) collect(each, selection.name.value, into, seen);
        const returned = types.get(type)?.fields.get(selection.name.value)?.returned;
        if (returned && selection.selectionSet) needed(returned, selection.selectionSet, into, seen);
      }
  };
  return {
    isEmpty: [...types.values()].every(({ own, fields }) => own.size === 0 && [...fields.values()].every((field) => field.own.size === 0)),
    checksOf,
    returned: (type, field) => types.get(type)?.fields.get(field)?.returned,
    possible: (type) => members.get(type) ?? [],
  };
}

function readTypes(supergraph: DocumentNode): Map<string, TypeRules> {
  const names = securityNames(supergraph);
  const interned = new Map<string, Check>();
  const checks = (directives: readonly DirectiveNode[] = []): ReadonlySet<Check> => {
    const found = directives.flatMap((directive) => {
      const kind = names.get(directive.name.value);
      return kind ? [intern(interned, kind, directive)] : [];
    });
    return found.length > 0 ? new Set(found) : none;
  };
  const contexts = contextTypes(supergraph);
  const types = new Map<string, TypeRules>();
  for (const definition of supergraph.definitions)
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      const type = definition.name.value;
      const fields = (definition.fields ?? []).map((field): [string, FieldRules] => [
        field.name.value,
        { own: checks(field.directives), returned: namedType(field.type), needs: needsOf(type, field, contexts) },
      ]);
      const interfaces = (definition.interfaces ?? []).map(({ name }) => name.value);
      types.set(type, { own: checks(definition.directives), interfaces, fields: new Map(fields) });
    } else if (definition.kind === Kind.ENUM_TYPE_DEFINITION || definition.kind === Kind.SCALAR_TYPE_DEFINITION)
      types.set(definition.name.value, { own: checks(definition.directives), interfaces: [], fields: new Map() });
  return types;
}

function intern(interned: Map<string, Check>, kind: SecurityFeature, directive: DirectiveNode): Check {
  const anyOf = kind === 'authenticated' ? [] : listsOf(argument(directive, kind === 'policy' ? 'policies' : 'scopes'));
  const key = JSON.stringify([kind, anyOf]);
  const check = interned.get(key) ?? { kind, anyOf };
  interned.set(key, check);
  return check;
}

/** GraphQL takes a value for a list of it. */
function listsOf(value: ValueNode | undefined): string[][] {
  const outer = value?.kind === Kind.LIST ? value.values : value ? [value] : [];
  return outer.map((inner) => (inner.kind === Kind.LIST ? inner.values : [inner]).flatMap((each) => textOf(each) ?? []));
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function needsOf(type: string, { directives = [] }: FieldDefinitionNode, contexts: ReadonlyMap<string, readonly string[]>) {
  return directives
    .filter(({ name }) => name.value === 'join__field')
    .flatMap((directive) => {
      const required = textOf(argument(directive, 'requires'));
      const taken = argument(directive, 'contextArguments');
      return [
        ...(required ? [{ type, selectionSet: selectionOf(required) }] : []),
        ...(taken?.kind === Kind.LIST ? taken.values.flatMap((value) => contextNeeds(value, contexts)) : []),
      ];
    });
}

/** An argument from a context is read from whichever type sets that context. */
function contextNeeds(value: ValueNode, contexts: ReadonlyMap<string, readonly string[]>) {
  if (value.kind !== Kind.OBJECT) return [];
  const field = (name: string) => textOf(value.fields.find((each) => each.name.value === name)?.value);
  const selection = field('selection');
  if (!selection) return [];
  const selectionSet = selectionOf(selection);
  return (contexts.get(field('context') ?? '') ?? []).map((type) => ({ type, selectionSet }));
}

function contextTypes({ definitions }: DocumentNode): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const definition of definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    for (const directive of definition.directives ?? []) {
      const name = directive.name.value === 'context' ? textOf(argument(directive, 'name')) : undefined;
      if (name) types.set(name, [...(types.get(name) ?? []), definition.name.value]);
    }
  }
  return types;
}

/** A field set comes with braces or without. */
function selectionOf(text: string): SelectionSetNode {
  const [definition] = parse(text.trim().startsWith('{') ? text : `{${text}}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : { kind: Kind.SELECTION_SET, selections: [] };
}

function readMembers({ definitions }: DocumentNode): Map<string, string[]> {
  const members = new Map<string, string[]>();
  const add = (type: string, member: string) => members.set(type, [...(members.get(type) ?? []), member]);
  const hidden = new Set<string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    if (definition.directives?.some(({ name }) => name.value === 'inaccessible')) hidden.add(definition.name.value);
    for (const type of [definition, ...(definition.interfaces ?? [])]) add(type.name.value, definition.name.value);
  }
  for (const definition of definitions)
    if (definition.kind === Kind.UNION_TYPE_DEFINITION)
      for (const member of definition.types ?? []) add(definition.name.value, member.name.value);
  return new Map([...members].map(([type, names]) => [type, names.filter((name) => !hidden.has(name))]));
}
