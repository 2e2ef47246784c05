import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Limits } from './config.js';

/** Validation rules that refuse an operation by its shape, before anything of it runs; the same for HTTP and WebSocket. */
export function limitRules({ depth, aliases }: Limits): ValidationRule[] {
  return [maxDepth(depth), maxAliases(aliases)];
}

function maxDepth(max: number): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition: (operation) => {
      const measured = depthOf(operation.selectionSet, context, new Map());
      if (measured > max) context.reportError(refusal(`The operation is ${measured} levels deep; ${max} are allowed.`));
    },
  });
}

function maxAliases(max: number): ValidationRule {
  return (context) => ({
    OperationDefinition: (operation) => {
      const count = aliasesOf(operation.selectionSet, context, new Map());
      if (count > max) context.reportError(refusal(`The operation has ${count} aliases; ${max} are allowed.`));
    },
  });
}

/** A fragment is measured once and counted wherever it is spread. A fragment inside itself counts as endless depth. */
function depthOf(set: SelectionSetNode, context: ValidationContext, measured: Map<string, number>): number {
  let deepest = 0;
  for (const selection of set.selections) {
    const below =
      selection.kind === Kind.FIELD
        ? weightOf(selection) + (selection.selectionSet ? depthOf(selection.selectionSet, context, measured) : 0)
        : selection.kind === Kind.INLINE_FRAGMENT
          ? depthOf(selection.selectionSet, context, measured)
          : once(measured, context.getFragment(selection.name.value), (fragment) => depthOf(fragment.selectionSet, context, measured));
    deepest = Math.max(deepest, below);
  }
  return deepest;
}

/** `ofType` only unwraps one type, and GraphiQL asks for nine in a row. */
const weightOf = ({ name }: FieldNode): number => (name.value === 'ofType' ? 0 : 1);

function aliasesOf(set: SelectionSetNode, context: ValidationContext, measured: Map<string, number>): number {
  return set.selections.reduce((count, selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return (
        count + once(measured, context.getFragment(selection.name.value), (fragment) => aliasesOf(fragment.selectionSet, context, measured))
      );
    }
    const own = selection.kind === Kind.FIELD && selection.alias ? 1 : 0;
    return count + own + (selection.selectionSet ? aliasesOf(selection.selectionSet, context, measured) : 0);
  }, 0);
}

function once(
  measured: Map<string, number>,
  fragment: FragmentDefinitionNode | null | undefined,
  measure: (fragment: FragmentDefinitionNode) => number,
): number {
  if (!fragment) return 0;
  const known = measured.get(fragment.name.value);
  if (known !== undefined) return known;
  measured.set(fragment.name.value, Number.POSITIVE_INFINITY);
  const result = measure(fragment);
  measured.set(fragment.name.value, result);
  return result;
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}
