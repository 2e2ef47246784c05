import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf, type Fragments } from '../engine/fragments.js';
import { excessOf, type Limits } from './limits.js';
import type { OperationExcess } from './refusal.js';

/** Larger than every sum that is told to somebody, and still an exact number. */
export const ENDLESS = Number.MAX_SAFE_INTEGER;

/**
 * What a document's shape alone has too much of, without a schema: looked at before the document is validated, because validation itself
 * takes long for some of these. Takes time by the size of the document as it is written, not as it is expanded.
 */
export function shapeExcesses(document: DocumentNode, limits: Limits): OperationExcess[] {
  const fragments = fragmentsOf(document);
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const largest = (measure: (operation: OperationDefinitionNode) => number) => () => Math.max(0, ...operations.map(measure));
  const rules: [OperationExcess['limit'], () => number][] = [
    ['depth', largest(({ selectionSet }) => depthOf(selectionSet, fragments, new Map()))],
    ['aliases', largest(({ selectionSet }) => aliasesOf(selectionSet, fragments, new Map()))],
    ['rootFields', largest(({ selectionSet }) => rootFieldsOf(selectionSet, fragments, anyField, new Map()))],
    ['directives', () => directivesOf(document)],
    ['repeats', () => repeatsOf(document)],
  ];
  return rules.flatMap(([limit, measure]) => excessOf(limit, limits[limit], measure).map((excess) => ({ ...excess, limit })));
}

/** How many fields of the root pass, counted each time their fragment is spread. */
export function rootFieldsOf(
  set: SelectionSetNode,
  fragments: Fragments,
  passes: (field: FieldNode) => boolean,
  measured: Map<string, number>,
): number {
  return sum(set.selections, (selection) => {
    if (selection.kind === Kind.FIELD) return passes(selection) ? 1 : 0;
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFieldsOf(selection.selectionSet, fragments, passes, measured);
    return once(measured, fragments.get(selection.name.value), (each) => rootFieldsOf(each.selectionSet, fragments, passes, measured));
  });
}

const anyField = (): boolean => true;

/** A fragment is measured once and counted wherever it is spread. A fragment inside itself counts as endless. */
export function once(
  measured: Map<string, number>,
  fragment: FragmentDefinitionNode | undefined,
  measure: (fragment: FragmentDefinitionNode) => number,
  key?: string,
): number {
  if (!fragment) return 0;
  const at = key ?? fragment.name.value;
  const known = measured.get(at);
  if (known !== undefined) return known;
  measured.set(at, ENDLESS);
  const result = measure(fragment);
  measured.set(at, result);
  return result;
}

export function saturated(value: number): number {
  return Math.min(value, ENDLESS);
}

function sum<T>(values: readonly T[], measure: (value: T) => number): number {
  return values.reduce((total, value) => saturated(total + measure(value)), 0);
}

function depthOf(set: SelectionSetNode, fragments: Fragments, measured: Map<string, number>): number {
  let deepest = 0;
  for (const selection of set.selections) deepest = Math.max(deepest, depthOfSelection(selection, fragments, measured));
  return deepest;
}

function depthOfSelection(selection: SelectionNode, fragments: Fragments, measured: Map<string, number>): number {
  if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet, fragments, measured);
  if (selection.kind === Kind.FRAGMENT_SPREAD)
    return once(measured, fragments.get(selection.name.value), (each) => depthOf(each.selectionSet, fragments, measured));
  return saturated(levelsOf(selection) + (selection.selectionSet ? depthOf(selection.selectionSet, fragments, measured) : 0));
}

/** `ofType` only unwraps one type, and GraphiQL asks for nine in a row. */
const levelsOf = ({ name }: FieldNode): number => (name.value === 'ofType' ? 0 : 1);

function aliasesOf(set: SelectionSetNode, fragments: Fragments, measured: Map<string, number>): number {
  return sum(set.selections, (selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD)
      return once(measured, fragments.get(selection.name.value), (each) => aliasesOf(each.selectionSet, fragments, measured));
    const own = selection.kind === Kind.FIELD && selection.alias ? 1 : 0;
    return own + (selection.selectionSet ? aliasesOf(selection.selectionSet, fragments, measured) : 0);
  });
}

function directivesOf(document: DocumentNode): number {
  let count = 0;
  visit(document, { Directive: () => void count++ });
  return count;
}

/**
 * How often the most repeated field or fragment stands again in one place, where inline fragments of one type are one place: validation
 * compares each with each.
 */
function repeatsOf(document: DocumentNode): number {
  let most = 0;
  const visitSet = ({ selections }: SelectionSetNode, seen: Map<string, number>, condition: string): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visitSet(selection.selectionSet, seen, selection.typeCondition?.name.value ?? condition);
        continue;
      }
      const name = `${condition} ${nameOf(selection)}`;
      const count = seen.get(name) ?? 0;
      most = Math.max(most, count);
      seen.set(name, count + 1);
      if (selection.kind === Kind.FIELD && selection.selectionSet) visitSet(selection.selectionSet, new Map(), '');
    }
  };
  for (const definition of document.definitions) if ('selectionSet' in definition) visitSet(definition.selectionSet, new Map(), '');
  return most;
}

function nameOf(selection: FieldNode | FragmentSpreadNode): string {
  return selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : `...${selection.name.value}`;
}
