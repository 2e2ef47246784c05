import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { DEFER, labelOf } from './deferred-document.js';

export interface OperationParts {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The values of the variables that decide `@skip`, `@include` and `@defer`. */
  conditions: ReadonlyMap<string, boolean>;
  /** What a field is called in the data that subgraphs answered. */
  keyOf(field: FieldNode): string;
  /** Selections that whoever asks may not have, and what is said of each. */
  denied: ReadonlyMap<FieldNode, DenialText>;
  /** The labels of the fragments that are answered later, while their `@defer` holds. */
  deferred: ReadonlySet<string>;
}

export interface DenialText {
  message: string;
  code: string;
}

/** The fields of these selections that apply to a type, by response name, in the order of the response (GraphQL specification, CollectFields). */
export function collectFields(
  parts: OperationParts,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) if (isIncluded(selection, parts) && !isDeferred(selection, parts)) take(selection);
  };
  const take = (selection: SelectionNode): void => {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = selection.alias?.value ?? selection.name.value;
        const known = fields.get(name);
        if (known) known.push(selection);
        else fields.set(name, [selection]);
        return;
      }
      case Kind.INLINE_FRAGMENT:
        if (applies(parts.schema, selection.typeCondition?.name.value, type)) collect(selection.selectionSet);
        return;
      case Kind.FRAGMENT_SPREAD: {
        const fragment = parts.fragments.get(selection.name.value);
        if (!fragment || spread.has(selection.name.value)) return;
        spread.add(selection.name.value);
        if (applies(parts.schema, fragment.typeCondition.name.value, type)) collect(fragment.selectionSet);
        return;
      }
      default:
        throw new Error(`Unknown selection ${JSON.stringify(selection satisfies never)}`);
    }
  };
  selectionSets.forEach(collect);
  return fields;
}

/** `type` is abstract only where a subgraph does not know more (interface objects). */
function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLCompositeType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && 'getFields' in type && schema.isSubType(conditional, type);
}

/** By its own `@skip` and `@include`. */
export function isIncluded({ directives }: SelectionNode, { conditions }: Pick<OperationParts, 'conditions'>): boolean {
  if (!directives?.length) return true;
  return directives.every(
    (directive) =>
      (directive.name.value !== GraphQLSkipDirective.name || !conditionOf(directive, conditions)) &&
      (directive.name.value !== GraphQLIncludeDirective.name || conditionOf(directive, conditions)),
  );
}

function isDeferred({ directives }: SelectionNode, { deferred, conditions }: OperationParts): boolean {
  if (deferred.size === 0) return false;
  return directives?.some((directive) => isActiveDefer(directive, deferred, conditions)) === true;
}

function isActiveDefer(directive: DirectiveNode, deferred: ReadonlySet<string>, conditions: ReadonlyMap<string, boolean>): boolean {
  if (directive.name.value !== DEFER || !deferred.has(labelOf(directive) ?? '')) return false;
  return !directive.arguments?.some(({ name }) => name.value === 'if') || conditionOf(directive, conditions);
}

function conditionOf(directive: DirectiveNode, conditions: ReadonlyMap<string, boolean>): boolean {
  const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === Kind.BOOLEAN) return value.value;
  return value?.kind === Kind.VARIABLE && conditions.get(value.name.value) === true;
}

/** The variables that decide `@skip` and `@include`, and `@defer` if it counts, somewhere in these selections. */
export function conditionVariables(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  withDefer: boolean,
): ReadonlySet<string> {
  const deciding = new Set([GraphQLSkipDirective.name, GraphQLIncludeDirective.name, ...(withDefer ? [DEFER] : [])]);
  const names = new Set<string>();
  const spread = new Set<string>();
  const walk = ({ selections }: SelectionSetNode): void => selections.forEach(look);
  const look = (selection: SelectionNode): void => {
    for (const { name, arguments: given } of selection.directives ?? [])
      if (deciding.has(name.value)) for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    if (selection.kind !== Kind.FRAGMENT_SPREAD) return selection.selectionSet && walk(selection.selectionSet);
    const fragment = fragments.get(selection.name.value);
    if (!fragment || spread.has(selection.name.value)) return;
    spread.add(selection.name.value);
    walk(fragment.selectionSet);
  };
  walk(selectionSet);
  return names;
}
