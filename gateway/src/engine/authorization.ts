import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './fragments.js';
import type { AuthorizationRules, Check } from './authorization-rules.js';
import type { DenialText } from './collect-fields.js';

/** Who asks, as far as directives care. */
export interface Claims {
  isAuthenticated: boolean;
  scopes: readonly string[];
}

/** A field of an operation that whoever asks may not have. */
export interface Denial {
  /** `Type.field`, the type as the operation selects on it. */
  coordinate: string;
  /** Response names from the root. */
  path: readonly string[];
  /** What does not hold. */
  failed: readonly Check[];
  isAuthenticated: boolean;
}

/** What an operation asks of whoever sends it. */
export interface OperationAuthorization {
  /** Everything that decides something here, each once. Empty for most operations: they are everybody's. */
  checks: readonly Check[];
  /** The operation for somebody for whom these checks fail. */
  restrict(failed: ReadonlySet<Check>, isAuthenticated: boolean): RestrictedOperation;
}

export interface RestrictedOperation {
  /** The whole operation, for the shape of the response. */
  shown: DocumentNode;
  /** What is left of it to ask subgraphs for; only `__typename` where nothing is. */
  planned: DocumentNode;
  /** By fields of `shown`. Never empty. */
  denied: ReadonlyMap<FieldNode, Denial>;
}

/** Where a selection stands: on which type, and which object types its values may be of by all fragments around it. */
interface Scope {
  type: string;
  possible: readonly string[];
}

interface Walk {
  rules: AuthorizationRules;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Whether a check holds; `policies` are those that the host has found to hold. */
export function holds({ kind, anyOf }: Check, { isAuthenticated, scopes }: Claims, policies: ReadonlySet<string>): boolean {
  switch (kind) {
    case 'authenticated':
      return isAuthenticated;
    case 'requiresScopes':
      return anyOf.some((all) => all.every((scope) => scopes.includes(scope)));
    case 'policy':
      return anyOf.some((all) => all.every((policy) => policies.has(policy)));
    default:
      return kind satisfies never;
  }
}

/**
 * Finds what an operation is judged by. A field that is selected on an interface or union needs what each type demands that its value may be
 * of: what one of them forbids is forbidden there, and allowed in a fragment on another. `__typename` and introspection are everybody's.
 */
export function authorizeOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rootType: string,
  rules: AuthorizationRules,
): OperationAuthorization {
  if (rules.isEmpty) return { checks: [], restrict: neverAsked };
  const fragments = fragmentsOf(document);
  const walk: Walk = { rules, fragments };
  const root: Scope = { type: rootType, possible: [rootType] };
  return {
    checks: [...collectChecks(operation.selectionSet, root, walk)],
    restrict: (failed, isAuthenticated) => restrict(operation, root, walk, failed, isAuthenticated),
  };
}

/** What a client is told of a field when the host of the engine has no words of its own. */
export function denialText({ coordinate }: Denial): DenialText {
  return { message: `Not authorized to ask for ${coordinate}.`, code: 'UNAUTHORIZED_FIELD_OR_TYPE' };
}

const neverAsked = (): never => {
  throw new Error('Nothing is demanded of this operation.');
};

function collectChecks(selectionSet: SelectionSetNode, root: Scope, walk: Walk): Set<Check> {
  const found = new Set<Check>();
  const seen = new Set<string>();
  const collect = ({ selections }: SelectionSetNode, scope: Scope): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        checksAt(selection, scope, walk.rules).forEach((check) => found.add(check));
        if (selection.selectionSet) collect(selection.selectionSet, below(selection, scope, walk.rules));
        continue;
      }
      const [inside, narrowed] = fragmentOf(selection, scope, walk);
      const key = selection.kind === Kind.FRAGMENT_SPREAD ? variantKey(selection.name.value, narrowed) : null;
      if (!inside || (key !== null && seen.has(key))) continue;
      if (key !== null) seen.add(key);
      collect(inside, narrowed);
    }
  };
  collect(selectionSet, root);
  return found;
}

function checksAt({ name }: FieldNode, { type, possible }: Scope, rules: AuthorizationRules): ReadonlySet<Check> {
  if (name.value.startsWith('__')) return new Set();
  return new Set([type, ...possible].flatMap((each) => [...rules.checksOf(each, name.value)]));
}

function below({ name }: FieldNode, { type, possible }: Scope, rules: AuthorizationRules): Scope {
  const returned = rules.returned(type, name.value) ?? '';
  const exact = new Set(possible.flatMap((each) => rules.possible(rules.returned(each, name.value) ?? '')));
  return { type: returned, possible: exact.size > 0 ? [...exact] : rules.possible(returned) };
}

function fragmentOf(
  selection: Exclude<SelectionNode, FieldNode>,
  scope: Scope,
  { rules, fragments }: Walk,
): [SelectionSetNode | undefined, Scope] {
  const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
  const type = fragment?.typeCondition?.name.value ?? scope.type;
  const fitting = new Set(rules.possible(type));
  return [fragment?.selectionSet, { type, possible: scope.possible.filter((each) => fitting.has(each)) }];
}

function variantKey(fragment: string, { possible }: Scope): string {
  return `${fragment} ${possible.join(' ')}`;
}

/** The two forms of a selection set. `planned` is empty when nothing of it is left. */
interface Halves {
  shown: SelectionNode[];
  planned: SelectionNode[];
}

interface Variant extends Halves {
  name: string;
  on: FragmentDefinitionNode;
}

function restrict(
  operation: OperationDefinitionNode,
  root: Scope,
  walk: Walk,
  failed: ReadonlySet<Check>,
  isAuthenticated: boolean,
): RestrictedOperation {
  const denied = new Map<FieldNode, Denial>();
  const variants = new Map<string, Variant>();

  const halve = ({ selections }: SelectionSetNode, scope: Scope, path: readonly string[]): Halves => {
    const halves: Halves = { shown: [], planned: [] };
    for (const selection of selections) {
      const half =
        selection.kind === Kind.FIELD
          ? field(selection, scope, path)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? inline(selection, scope, path)
            : spread(selection, scope, path);
      halves.shown.push(half.shown);
      if (half.planned) halves.planned.push(half.planned);
    }
    return halves;
  };
  const field = (node: FieldNode, scope: Scope, path: readonly string[]) => {
    const here = [...path, (node.alias ?? node.name).value];
    const failing = [...checksAt(node, scope, walk.rules)].filter((check) => failed.has(check));
    if (failing.length > 0) {
      const shown = { ...node };
      denied.set(shown, { coordinate: `${scope.type}.${node.name.value}`, path: here, failed: failing, isAuthenticated });
      return { shown, planned: null };
    }
    if (!node.selectionSet) return { shown: node, planned: node };
    const { shown, planned } = halve(node.selectionSet, below(node, scope, walk.rules), here);
    return { shown: { ...node, selectionSet: setOf(shown) }, planned: { ...node, selectionSet: setOf(planned) } };
  };
  const inline = (node: Exclude<SelectionNode, FieldNode | { kind: Kind.FRAGMENT_SPREAD }>, scope: Scope, path: readonly string[]) => {
    const { shown, planned } = halve(node.selectionSet, fragmentOf(node, scope, walk)[1], path);
    return {
      shown: { ...node, selectionSet: setOf(shown) },
      planned: planned.length > 0 ? { ...node, selectionSet: setOf(planned) } : null,
    };
  };
  const spread = (node: Extract<SelectionNode, { kind: Kind.FRAGMENT_SPREAD }>, scope: Scope, path: readonly string[]) => {
    const variant = variantOf(node.name.value, scope, path);
    const renamed = variant ? { ...node, name: { ...node.name, value: variant.name } } : node;
    return { shown: renamed, planned: variant && variant.planned.length > 0 ? renamed : null };
  };
  /** A fragment may be spread where other types are possible: each such place has its own form of it. */
  const variantOf = (name: string, scope: Scope, path: readonly string[]): Variant | null => {
    const on = walk.fragments.get(name);
    if (!on) return null;
    const narrowed: Scope = fragmentOf({ kind: Kind.FRAGMENT_SPREAD, name: on.name }, scope, walk)[1];
    const key = variantKey(name, narrowed);
    const known = variants.get(key);
    if (known) return known;
    const variant: Variant = { name: `${name}__${variants.size}`, on, shown: [], planned: [] };
    variants.set(key, variant);
    return Object.assign(variant, halve(on.selectionSet, narrowed, path));
  };

  const { shown, planned } = halve(operation.selectionSet, root, []);
  const documentOf = (selections: SelectionNode[], half: 'shown' | 'planned'): DocumentNode => ({
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: setOf(selections) },
      ...[...variants.values()]
        .filter((variant) => variant[half].length > 0)
        .map((variant) => ({ ...variant.on, name: { ...variant.on.name, value: variant.name }, selectionSet: setOf(variant[half]) })),
    ],
  });
  return { shown: documentOf(shown, 'shown'), planned: documentOf(planned, 'planned'), denied };
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function setOf(selections: SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [TYPENAME] };
}
