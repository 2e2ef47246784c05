import {
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DirectiveNode,
  type DocumentNode,
  type FragmentSpreadNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './fragments.js';

/** A part of an operation that its client wants later. */
export interface DeferredFragment {
  /** What the client calls it. */
  label: string | undefined;
  /** The type that it is selected on. */
  parentType: GraphQLCompositeType;
  /** It alone, and no longer deferred. */
  selectionSet: SelectionSetNode;
  /** The selections that it lies in, from the root. */
  within: readonly Exclude<SelectionNode, FragmentSpreadNode>[];
}

/** An operation of which parts can be told apart. */
export interface LabelledDocument {
  /** In it each `@defer` has a label of its own. */
  document: DocumentNode;
  labels: DeferLabels;
}

/** What is known of each part by its label, however the rest of the operation is cut. */
export type DeferLabels = ReadonlyMap<string, Pick<DeferredFragment, 'label' | 'parentType'>>;

export interface DeferredDocument {
  /** What is planned, asking for the types of the objects that parts are deferred of. */
  planned: DocumentNode;
  /** By our labels. */
  fragments: ReadonlyMap<string, DeferredFragment>;
}

export const DEFER = 'defer';

/** More than this is answered at once: the planner's work grows with each. */
const MAX_DEFERRED = 30;

export function isDeferring(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, { Directive: ({ name }) => void (isFound ||= name.value === DEFER) });
  return isFound;
}

export function withoutDefer(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: ({ name }) => (name.value === DEFER ? null : undefined) });
}

/**
 * Tells the deferred parts of an operation apart, also those of a fragment that is spread in several places. Null when there are none, or
 * too many.
 */
export function labelDeferred(document: DocumentNode, schema: GraphQLSchema): LabelledDocument | null {
  const { isTooMuch, expanded } = expandDeferring(document);
  if (isTooMuch) return null;
  const labels = new Map<string, Pick<DeferredFragment, 'label' | 'parentType'>>();
  const types = new TypeInfo(schema);
  const parents: (GraphQLCompositeType | null | undefined)[] = [];
  const labelledDocument: DocumentNode = visit(
    expanded,
    visitWithTypeInfo(types, {
      SelectionSet: { enter: () => void parents.push(types.getParentType()), leave: () => void parents.pop() },
      InlineFragment: (node) => {
        const defer = deferOf(node);
        const parentType = parents.at(-1);
        if (!defer || !parentType) return undefined;
        const label = `deferred${labels.size}`;
        labels.set(label, { label: labelOf(defer), parentType });
        return { ...node, directives: [...others(node, defer), labelled(defer, label)] };
      },
    }),
  );
  return labels.size === 0 ? null : { document: labelledDocument, labels };
}

/** The parts of a labelled operation as it is shown, and what is planned of it. The fields of `shown` are those of the parts. */
export function deferredParts(shown: DocumentNode, planned: DocumentNode, labels: DeferLabels): DeferredDocument {
  const fragments = new Map<string, DeferredFragment>();
  visit(shown, {
    InlineFragment: (node, _key, _parent, _path, ancestors) => {
      const defer = deferOf(node);
      const label = (defer && labelOf(defer)) ?? '';
      const fragment = labels.get(label);
      if (!defer || !fragment) return;
      const alone = { ...node, directives: others(node, defer) };
      const within = ancestors.flatMap((each) =>
        'kind' in each && (each.kind === Kind.FIELD || each.kind === Kind.INLINE_FRAGMENT) ? [each] : [],
      );
      fragments.set(label, { ...fragment, within, selectionSet: { kind: Kind.SELECTION_SET, selections: [alone] } });
    },
  });
  return { planned: withTypeNames(planned), fragments };
}

function deferOf({ directives }: SelectionNode): DirectiveNode | undefined {
  return directives?.find(({ name }) => name.value === DEFER);
}

function others({ directives = [] }: InlineFragmentNode, defer: DirectiveNode): DirectiveNode[] {
  return directives.filter((each) => each !== defer);
}

/** The label of a `@defer`; undefined when it has none. */
export function labelOf(defer: DirectiveNode): string | undefined {
  const value = defer.arguments?.find(({ name }) => name.value === 'label')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function labelled(defer: DirectiveNode, label: string): DirectiveNode {
  const rest = defer.arguments?.filter(({ name }) => name.value !== 'label') ?? [];
  const argument = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'label' }, value: { kind: Kind.STRING, value: label } } as const;
  return { ...defer, arguments: [...rest, argument] };
}

/** Every spread that is deferred, or of a fragment in which something is, becomes an inline fragment. */
function expandDeferring(document: DocumentNode): { isTooMuch: boolean; expanded: DocumentNode } {
  const named = fragmentsOf(document);
  let count = 0;
  const defers = new Map<string, boolean>();
  const within = ({ selections }: SelectionSetNode): boolean =>
    selections.some(
      (selection) =>
        deferOf(selection) !== undefined ||
        (selection.kind === Kind.FRAGMENT_SPREAD
          ? isDeferringFragment(selection.name.value)
          : selection.selectionSet !== undefined && within(selection.selectionSet)),
    );
  const isDeferringFragment = (name: string): boolean => {
    const known = defers.get(name);
    if (known !== undefined) return known;
    const fragment = named.get(name);
    const found = fragment !== undefined && within(fragment.selectionSet);
    defers.set(name, found);
    return found;
  };
  const expandSet = (set: SelectionSetNode): SelectionSetNode => ({ ...set, selections: set.selections.map(expand) });
  const expand = (selection: SelectionNode): SelectionNode => {
    if (deferOf(selection)) count++;
    if (count > MAX_DEFERRED) return selection;
    if (selection.kind !== Kind.FRAGMENT_SPREAD)
      return selection.selectionSet ? { ...selection, selectionSet: expandSet(selection.selectionSet) } : selection;
    const fragment = named.get(selection.name.value);
    if (!fragment || !(deferOf(selection) ?? isDeferringFragment(selection.name.value))) return selection;
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: fragment.typeCondition,
      directives: selection.directives ?? [],
      selectionSet: expandSet(fragment.selectionSet),
    };
  };
  const operations = document.definitions.map((each) =>
    each.kind === Kind.OPERATION_DEFINITION ? { ...each, selectionSet: expandSet(each.selectionSet) } : each,
  );
  const kept = operations.filter((each) => each.kind !== Kind.FRAGMENT_DEFINITION || !isDeferringFragment(each.name.value));
  return { isTooMuch: count > MAX_DEFERRED, expanded: { ...document, definitions: kept } };
}

function withTypeNames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: (set) => {
      const isParent = set.selections.some((each) => deferOf(each) !== undefined);
      if (!isParent) return undefined;
      const typeName: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
      return { ...set, selections: [typeName, ...set.selections] };
    },
  });
}
