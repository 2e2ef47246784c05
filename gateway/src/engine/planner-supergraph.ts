import {
  Kind,
  parse,
  print,
  type ArgumentNode,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ContextUse } from './context-fields.js';

/** A field that stands in for another one with the arguments that a `@requires` gives it. */
export interface StandIn {
  field: string;
  arguments: readonly ArgumentNode[];
}

/** The supergraph as the planner sees it. */
export interface PlannerSupergraph {
  sdl: string;
  /** It breaks rules of composition now that don't matter to the planner. */
  isRewritten: boolean;
  /** By name. Empty when no `@requires` names a field that takes arguments. */
  standIns: ReadonlyMap<string, StandIn>;
  /** Which stand-ins a field of a subgraph is resolved from, by subgraph and field name. */
  needs(subgraph: string, field: string): ReadonlySet<string>;
  /** Every field name that a plan may ask on its own account: what stands in keys and `@requires`. */
  reserved: ReadonlySet<string>;
  contexts: readonly ContextUse[];
}

type Fielded = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

interface Rewriting {
  types: ReadonlyMap<string, Fielded>;
  standIns: Map<string, StandIn>;
  /** Names of stand-ins by field and arguments. */
  names: Map<string, string>;
  /** Which stand-ins each type gets. */
  added: Map<string, Set<string>>;
  needs: Map<string, Set<string>>;
  reserved: Set<string>;
  hasLostKeys: boolean;
  contexts: ContextUse[];
  /** The types that set each context. */
  contextTypes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Works around what Apollo's planner gets wrong. A field that a `@requires` asks with arguments becomes a field of its own there (a
 * stand-in), so it is never merged with the same field as the client asks it, or another `@requires`; `withoutStandIns` turns them back in
 * every plan. And keys that cannot be resolved are taken away where the subgraph has one that can: the planner would use either.
 */
export function plannerSupergraph(supergraphSdl: string): PlannerSupergraph {
  const document = parse(supergraphSdl, { noLocation: true });
  const types = new Map(document.definitions.flatMap((each): [string, Fielded][] => (isFielded(each) ? [[each.name.value, each]] : [])));
  const rewriting: Rewriting = {
    types,
    standIns: new Map(),
    names: new Map(),
    added: new Map(),
    needs: new Map(),
    reserved: new Set(['__typename']),
    hasLostKeys: false,
    contexts: [],
    contextTypes: contextTypes(document),
  };
  const rewritten = document.definitions.map((each) => (isFielded(each) ? rewriteType(each, rewriting) : each));
  const withStandIns = rewritten.map((each) => (isFielded(each) ? addStandIns(each, rewriting) : each));
  const subgraphs = graphNames(document);
  const isRewritten = rewriting.standIns.size > 0 || rewriting.hasLostKeys;
  return {
    sdl: isRewritten ? print({ kind: Kind.DOCUMENT, definitions: withStandIns }) : supergraphSdl,
    isRewritten,
    standIns: rewriting.standIns,
    needs: (subgraph, field) => rewriting.needs.get(`${subgraphs.get(subgraph)}.${field}`) ?? none,
    reserved: rewriting.reserved,
    contexts: rewriting.contexts,
  };
}

const none: ReadonlySet<string> = new Set();

function isFielded(node: { kind: string }): node is Fielded {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function rewriteType(type: Fielded, rewriting: Rewriting): Fielded {
  return {
    ...type,
    directives: resolvableKeys(type.directives ?? [], rewriting),
    fields: (type.fields ?? []).map((field) => ({
      ...field,
      directives: (field.directives ?? []).map((directive) => rewriteRequires(directive, field, type, rewriting)),
    })),
  };
}

/** Without keys that cannot be resolved in a subgraph that has another one that can. */
function resolvableKeys(directives: readonly ConstDirectiveNode[], rewriting: Rewriting): readonly ConstDirectiveNode[] {
  const isKey = (directive: ConstDirectiveNode) => directive.name.value === 'join__type' && textOf(directive, 'key') !== undefined;
  const canBeResolved = (directive: ConstDirectiveNode) => textOf(directive, 'resolvable') !== 'false';
  const keys = directives.filter(isKey);
  for (const key of keys) noteNames(fieldSet(textOf(key, 'key') ?? ''), rewriting.reserved);
  const resolvable = new Set(keys.filter(canBeResolved).map((key) => textOf(key, 'graph')));
  const kept = directives.filter((each) => !isKey(each) || canBeResolved(each) || !resolvable.has(textOf(each, 'graph')));
  if (kept.length < directives.length) rewriting.hasLostKeys = true;
  return kept;
}

/** What `@fromContext` arguments of a field are taken from. */
function noteContexts(directive: ConstDirectiveNode, field: string, { reserved, contexts, contextTypes: settingIn }: Rewriting): void {
  const given = directive.arguments?.find(({ name }) => name.value === 'contextArguments')?.value;
  for (const each of given?.kind === Kind.LIST ? given.values : []) {
    const texts = new Map(
      (each.kind === Kind.OBJECT ? each.fields : []).map(({ name, value }) => [name.value, value.kind === Kind.STRING ? value.value : '']),
    );
    const text = texts.get('selection') ?? '';
    const selections = fieldSet(/^\s*\{/.test(text) ? `...${text}` : text);
    noteNames(selections, reserved);
    contexts.push({ field, from: selectedFrom(selections, settingIn.get(texts.get('context') ?? '') ?? []) });
  }
}

/** Either one selection for all types that set the context, or one for each. */
function selectedFrom({ selections }: SelectionSetNode, types: readonly string[]): Map<string, SelectionSetNode> {
  return new Map(
    selections.flatMap((selection): [string, SelectionSetNode][] => {
      if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
      const { typeCondition, selectionSet } = selection;
      return (typeCondition ? [typeCondition.name.value] : types).map((type) => [type, selectionSet]);
    }),
  );
}

function contextTypes({ definitions }: DocumentNode): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const each of definitions) {
    if (!('directives' in each) || !('name' in each) || !each.name) continue;
    for (const directive of each.directives ?? []) {
      const context = directive.name.value === 'context' ? textOf(directive, 'name') : undefined;
      if (context !== undefined) types.set(context, [...(types.get(context) ?? []), each.name.value]);
    }
  }
  return types;
}

function rewriteRequires(directive: ConstDirectiveNode, field: FieldDefinitionNode, type: Fielded, rewriting: Rewriting) {
  noteContexts(directive, field.name.value, rewriting);
  const required = directive.name.value === 'join__field' ? textOf(directive, 'requires') : undefined;
  if (required === undefined) return directive;
  const needs = new Set<string>();
  const selections = rewriteSelections(fieldSet(required), type.name.value, needs, rewriting);
  noteNames(selections, rewriting.reserved);
  if (needs.size === 0) return directive;
  const key = `${textOf(directive, 'graph')}.${field.name.value}`;
  rewriting.needs.set(key, new Set([...(rewriting.needs.get(key) ?? []), ...needs]));
  const value = print(selections).replace(/\s+/g, ' ').slice(1, -1).trim();
  return {
    ...directive,
    arguments: (directive.arguments ?? []).map((each) =>
      each.name.value === 'requires' ? { ...each, value: { kind: Kind.STRING, value } as const } : each,
    ),
  };
}

/** Every field that takes arguments becomes its stand-in. */
function rewriteSelections(set: SelectionSetNode, parent: string, needs: Set<string>, rewriting: Rewriting): SelectionSetNode {
  const rewrite = (selection: SelectionNode): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition?.name.value ?? parent;
      return { ...selection, selectionSet: rewriteSelections(selection.selectionSet, type, needs, rewriting) };
    }
    const definition = fieldOf(rewriting.types, parent, selection.name.value);
    const below = definition && selection.selectionSet;
    const field = below
      ? { ...selection, selectionSet: rewriteSelections(below, namedType(definition.type), needs, rewriting) }
      : selection;
    if (!definition?.arguments?.length) return field;
    const name = standIn(parent, selection.name.value, selection.arguments ?? [], rewriting);
    needs.add(name);
    return { ...field, name: { kind: Kind.NAME, value: name }, arguments: [] };
  };
  return { ...set, selections: set.selections.map(rewrite) };
}

function standIn(parent: string, field: string, given: readonly ArgumentNode[], { standIns, names, added, types }: Rewriting): string {
  const key = `${field}(${given.map(print).toSorted().join(', ')})`;
  const name = names.get(key) ?? `${field}__required_${names.size}`;
  names.set(key, name);
  standIns.set(name, { field, arguments: given });
  const implementing = [...types.values()].filter(({ interfaces }) => interfaces?.some((each) => each.name.value === parent));
  for (const type of [parent, ...implementing.map((each) => each.name.value)]) added.set(type, (added.get(type) ?? new Set()).add(name));
  return name;
}

/** A stand-in is answered by the same subgraphs as the field. */
function addStandIns(type: Fielded, { standIns, added }: Rewriting): Fielded {
  const more = [...(added.get(type.name.value) ?? [])].flatMap((name): FieldDefinitionNode[] => {
    const field = type.fields?.find((each) => each.name.value === standIns.get(name)?.field);
    const joins = field?.directives?.filter((directive) => directive.name.value === 'join__field');
    return field && joins ? [{ ...field, name: { kind: Kind.NAME, value: name }, arguments: [], directives: joins }] : [];
  });
  return more.length > 0 ? { ...type, fields: [...(type.fields ?? []), ...more] } : type;
}

function fieldOf(types: ReadonlyMap<string, Fielded>, type: string, name: string): FieldDefinitionNode | undefined {
  return types.get(type)?.fields?.find((field) => field.name.value === name);
}

function namedType(type: FieldDefinitionNode['type']): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function fieldSet(text: string): SelectionSetNode {
  const [operation] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`No fields: ${text}`);
  return operation.selectionSet;
}

function noteNames({ selections }: SelectionSetNode, names: Set<string>): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) noteNames(selection.selectionSet, names);
  }
}

function textOf(directive: DirectiveNode, argument: string): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value?.kind === Kind.STRING || value?.kind === Kind.ENUM) return value.value;
  return value?.kind === Kind.BOOLEAN ? String(value.value) : undefined;
}

/** The names of the subgraphs in the enum of the supergraph, by their own names. */
function graphNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const graphs = definitions.find((each) => each.kind === Kind.ENUM_TYPE_DEFINITION && each.name.value === 'join__Graph');
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.map((value) => [value.directives?.flatMap((each) => textOf(each, 'name') ?? [])[0] ?? value.name.value, value.name.value]),
  );
}
