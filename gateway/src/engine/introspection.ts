import { executeSync, Kind, visit, type DocumentNode, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { OperationParts } from './collect-fields.js';
import type { JsonObject } from './json.js';

/** The part of a response that is about the schema; null when nothing of it is asked. */
export type Introspection = (variables: Readonly<Record<string, unknown>>) => JsonObject | null;

/** `__schema` and `__type` are answered by graphql-js on the schema that clients see. */
export function compileIntrospection(
  { schema, fragments }: OperationParts,
  operation: OperationDefinitionNode,
  selections: readonly FieldNode[],
): Introspection {
  if (selections.length === 0) return () => null;
  const used = new Set<string>();
  const note = (node: FieldNode) => visit(node, { Variable: ({ name }) => void used.add(name.value) });
  selections.forEach(note);
  for (const fragment of fragments.values()) visit(fragment, { Variable: ({ name }) => void used.add(name.value) });
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: operation.operation,
        variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)),
        selectionSet: { kind: Kind.SELECTION_SET, selections },
      },
      ...fragments.values(),
    ],
  };
  return (variables) => executeSync({ schema, document, variableValues: { ...variables } }).data ?? null;
}

const ASKED: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
};

/** What is asked of the schema is left out for the planner: it is answered here, and newer versions of GraphQL ask more than the planner knows. */
export function withoutSchemaFields(document: DocumentNode): DocumentNode {
  return visit(document, {
    FragmentDefinition: ({ typeCondition }) => (typeCondition.name.value.startsWith('__') ? null : undefined),
    Field: (field) => (isOfSchema(field) ? { ...field, selectionSet: ASKED } : undefined),
  });
}

function isOfSchema({ name: { value } }: FieldNode): boolean {
  return value === '__schema' || value === '__type';
}
