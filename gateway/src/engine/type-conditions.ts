import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** Whether a type name fits a type condition. */
export type TypeConditions = (condition: string) => ReadonlySet<string>;

/** For each type condition the names of the types that it applies to, itself included. `schema` is the full supergraph. */
export function typeConditions(schema: GraphQLSchema): TypeConditions {
  const known = new Map<string, ReadonlySet<string>>();
  return (condition) => {
    const names = known.get(condition) ?? fitting(schema, condition);
    known.set(condition, names);
    return names;
  };
}

function fitting(schema: GraphQLSchema, condition: string): ReadonlySet<string> {
  const type = schema.getType(condition);
  const below = isAbstractType(type)
    ? Object.values(schema.getTypeMap()).filter((other) => (isObjectType(other) || isInterfaceType(other)) && schema.isSubType(type, other))
    : [];
  return new Set([condition, ...below.map(({ name }) => name)]);
}
