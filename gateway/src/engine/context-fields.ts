import {
  doTypesOverlap,
  isCompositeType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A field with an argument from a context, and what it is taken from, by the types that set the context. */
export interface ContextUse {
  field: string;
  from: ReadonlyMap<string, SelectionSetNode>;
}

/**
 * Asks for what arguments from a context are taken from wherever their context is set: the planner forgets some of it when several fields
 * take from one context. What clients cannot see is left to the planner.
 */
export function withContextFields(document: DocumentNode, schema: GraphQLSchema, contexts: readonly ContextUse[]): DocumentNode {
  if (contexts.length === 0) return document;
  const asked = new Set<string>();
  visit(document, { Field: ({ name }) => void asked.add(name.value) });
  const used = contexts.filter(({ field }) => asked.has(field)).flatMap(({ from }) => [...from]);
  if (used.length === 0) return document;
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      SelectionSet: {
        leave: (set) => {
          const parent = types.getParentType();
          if (!parent || !set.selections.some(leadsOn)) return undefined;
          const more = used.flatMap(([type, selections]) => fragmentOn(type, selections, parent, schema));
          return more.length > 0 ? { ...set, selections: [...set.selections, ...more] } : undefined;
        },
      },
    }),
  );
}

function leadsOn(selection: SelectionNode): boolean {
  return selection.kind !== Kind.FIELD || selection.selectionSet !== undefined;
}

function fragmentOn(name: string, selectionSet: SelectionSetNode, parent: GraphQLCompositeType, schema: GraphQLSchema): SelectionNode[] {
  const type = schema.getType(name);
  if (!isCompositeType(type) || !doTypesOverlap(schema, type, parent)) return [];
  const isSeen = selectionSet.selections.every(
    (each) => each.kind !== Kind.FIELD || ('getFields' in type && type.getFields()[each.name.value] !== undefined),
  );
  if (!isSeen) return [];
  const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } } as const;
  return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet }];
}
