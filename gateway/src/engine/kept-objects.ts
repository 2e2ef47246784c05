import { Kind, OperationTypeNode, visit, type DocumentNode, type FieldNode, type SelectionNode } from 'graphql';

/** Under an alias: without one, the planner asks for it together with a field beside it, whatever that depends on. */
const TYPE_NAME: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: 'planned_as_object' },
  name: { kind: Kind.NAME, value: '__typename' },
};

/**
 * An object of which `@skip` and `@include` leave no field is still an object; the planner would not ask for it. So its type is asked, which
 * every subgraph knows. Subscriptions stay as they are: they select one field.
 */
export function keepingObjects(document: DocumentNode): DocumentNode {
  const isSubscription = document.definitions.some(
    (each) => each.kind === Kind.OPERATION_DEFINITION && each.operation === OperationTypeNode.SUBSCRIPTION,
  );
  if (isSubscription) return document;
  return visit(document, {
    SelectionSet: (set) => (set.selections.every(isConditional) ? { ...set, selections: [TYPE_NAME, ...set.selections] } : undefined),
  });
}

function isConditional({ directives = [] }: SelectionNode): boolean {
  return directives.some(({ name: { value } }) => value === 'skip' || value === 'include' || value === 'defer');
}
