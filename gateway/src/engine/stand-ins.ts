import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { PlannerSupergraph } from './planner-supergraph.js';

/**
 * A plan in which subgraphs are asked for fields that they have: every stand-in is fetched as an alias of the field that it stands for and
 * handed on under that field's name. A fetch that would hand on one field twice, with different arguments, becomes several.
 */
export function withoutStandIns(node: PlanNode, supergraph: PlannerSupergraph): PlanNode {
  if (supergraph.standIns.size === 0) return node;
  const within = (below: PlanNode) => withoutStandIns(below, supergraph);
  switch (node.kind) {
    case 'Fetch': {
      const fetches = fetchWithoutStandIns(node, supergraph);
      const [only, another] = fetches;
      return only && !another ? only : { kind: 'Parallel', nodes: fetches };
    }
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map(within) };
    case 'Flatten':
      return { ...node, node: within(node.node) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause && { ifClause: within(node.ifClause) }),
        ...(node.elseClause && { elseClause: within(node.elseClause) }),
      };
    case 'Defer':
      return {
        ...node,
        primary: { ...node.primary, ...(node.primary.node && { node: within(node.primary.node) }) },
        deferred: node.deferred.map((each) => ({ ...each, ...(each.node && { node: within(each.node) }) })),
      };
    default:
      throw new Error(`Unknown node of a plan: ${JSON.stringify(node satisfies never)}`);
  }
}

/** One fetch that hands on every field once; the same for the primary fetch of a subscription. */
export function fetchWithoutStandIns(node: FetchNode, supergraph: PlannerSupergraph): FetchNode[] {
  const document = parse(node.operation, { noLocation: true });
  if (!node.requires) return [asked(node, document, supergraph)];
  return splitFields(node, document, supergraph).map(({ fields, needs }) => {
    const keeps = (name: string) => !supergraph.standIns.has(name) || needs.has(name);
    const requires = required(node.requires ?? [], keeps);
    const own = fields ? onlyFields(document, fields) : document;
    return {
      ...asked(node, own, supergraph),
      requires,
      inputRewrites: [...(node.inputRewrites ?? []), ...renamings(requires, [], supergraph)],
    };
  });
}

function asked(node: FetchNode, document: DocumentNode, { standIns }: PlannerSupergraph): FetchNode {
  const restored = visit(document, {
    Field: (field) => {
      const original = standIns.get(field.name.value);
      if (!original) return undefined;
      return {
        ...field,
        alias: field.alias ?? field.name,
        name: { kind: Kind.NAME, value: original.field } as const,
        arguments: original.arguments,
      };
    },
  });
  return { ...node, operation: stripIgnoredCharacters(print(restored)) };
}

interface Share {
  /** Null means all. */
  fields: ReadonlySet<string> | null;
  needs: ReadonlySet<string>;
}

/** Shares out the fields of an entity fetch so that no share needs two stand-ins for one field. */
function splitFields({ serviceName }: FetchNode, document: DocumentNode, supergraph: PlannerSupergraph): Share[] {
  const names = new Set(entityFields(document));
  const shares: { fields: Set<string>; needs: Set<string> }[] = [];
  for (const name of names) {
    const needs = supergraph.needs(serviceName, name);
    const share = shares.find((each) => areCompatible(each.needs, needs, supergraph));
    if (share) {
      share.fields.add(name);
      for (const need of needs) share.needs.add(need);
    } else shares.push({ fields: new Set([name]), needs: new Set(needs) });
  }
  const [only, another] = shares;
  return another || !only ? shares : [{ fields: null, needs: only.needs }];
}

function areCompatible(some: ReadonlySet<string>, more: ReadonlySet<string>, { standIns }: PlannerSupergraph): boolean {
  return [...more].every((name) => [...some].every((other) => name === other || standIns.get(name)?.field !== standIns.get(other)?.field));
}

function entityFields(document: DocumentNode): string[] {
  return entitySelections(document).flatMap(fieldNames);
}

function fieldNames(selection: SelectionNode): string[] {
  if (selection.kind === Kind.FIELD) return [selection.name.value];
  return selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet.selections.flatMap(fieldNames) : [];
}

function entitySelections(document: DocumentNode): readonly SelectionNode[] {
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? (each.selectionSet?.selections ?? []) : []));
}

/** The operation with these fields of the entities only, and without variables that nothing uses any more. */
function onlyFields(document: DocumentNode, names: ReadonlySet<string>): DocumentNode {
  const cut = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return names.has(selection.name.value) ? [selection] : [];
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
      const below = cut(selection.selectionSet);
      return below.selections.length > 0 ? [{ ...selection, selectionSet: below }] : [];
    }),
  });
  const entities = (field: FieldNode): FieldNode => (field.selectionSet ? { ...field, selectionSet: cut(field.selectionSet) } : field);
  return withUsedVariables({
    ...document,
    definitions: document.definitions.map((each) => {
      if (each.kind !== Kind.OPERATION_DEFINITION) return each;
      const selections = each.selectionSet.selections.map((field) => (field.kind === Kind.FIELD ? entities(field) : field));
      return { ...each, selectionSet: { ...each.selectionSet, selections } };
    }),
  });
}

function withUsedVariables(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) });
  return visit(document, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) });
}

function required(selections: readonly QueryPlanSelectionNode[], keeps: (name: string) => boolean): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field' && !keeps(selection.name)) return [];
    if (!selection.selections) return [selection];
    const below = required(selection.selections, keeps);
    return below.length > 0 ? [{ ...selection, selections: below }] : [];
  });
}

/** Inner ones first: the path to them goes over the names that are renamed after them. */
function renamings(selections: readonly QueryPlanSelectionNode[], path: string[], supergraph: PlannerSupergraph): FetchDataRewrite[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'InlineFragment')
      return renamings(selection.selections, selection.typeCondition ? [...path, `... on ${selection.typeCondition}`] : path, supergraph);
    const own = supergraph.standIns.get(selection.name);
    return [
      ...renamings(selection.selections ?? [], [...path, selection.name], supergraph),
      ...(own ? [{ kind: 'KeyRenamer' as const, path: [...path, selection.name], renameKeyTo: own.field }] : []),
    ];
  });
}
