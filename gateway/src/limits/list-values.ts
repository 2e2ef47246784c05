import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  typeFromAST,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { isRecord } from '@shop/platform/is-record';
import type { Variables } from './operation-cost.js';

/** How many values the longest list among an operation's arguments has. */
export type LongestList = (document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) => number;

/**
 * Lists anywhere in arguments and variables, without those of the input fields in `except` (as `Input.field`), which may be as long as they like.
 * Custom scalars are not looked into.
 */
export function longestList(schema: GraphQLSchema, except: readonly string[]): LongestList {
  const exempt = new Set(except);
  const known = new WeakMap<OperationDefinitionNode, { literal: number; lists: [name: string, type: GraphQLInputType][] }>();
  const prepare = (document: DocumentNode, operation: OperationDefinitionNode) => {
    const lists = (operation.variableDefinitions ?? []).flatMap(({ variable, type }): [string, GraphQLInputType][] => {
      const inputType = typeFromAST(schema, type);
      return isInputType(inputType) && holdsLists(inputType) ? [[variable.name.value, inputType]] : [];
    });
    const prepared = { literal: longestLiteral(document, schema, exempt), lists };
    known.set(operation, prepared);
    return prepared;
  };
  return (document, operation, variables) => {
    const { literal, lists } = known.get(operation) ?? prepare(document, operation);
    return Math.max(
      literal,
      ...lists.map(([name, type]) => (Object.hasOwn(variables, name) ? longestIn(variables[name], type, exempt) : 0)),
    );
  };
}

function holdsLists(type: GraphQLInputType): boolean {
  return isListType(getNullableType(type)) || isInputObjectType(getNamedType(type));
}

function longestIn(value: unknown, type: GraphQLInputType, exempt: ReadonlySet<string>): number {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const values = Array.isArray(value) ? value : [value];
    return values.reduce<number>((longest, each) => Math.max(longest, longestIn(each, inner.ofType, exempt)), values.length);
  }
  if (!isInputObjectType(inner) || !isRecord(value)) return 0;
  return Object.values(inner.getFields()).reduce((longest, field) => {
    if (!Object.hasOwn(value, field.name) || exempt.has(`${inner.name}.${field.name}`)) return longest;
    return Math.max(longest, longestIn(value[field.name], field.type, exempt));
  }, 0);
}

function longestLiteral(document: DocumentNode, schema: GraphQLSchema, exempt: ReadonlySet<string>): number {
  const info = new TypeInfo(schema);
  let longest = 0;
  visit(
    document,
    visitWithTypeInfo(info, {
      ListValue: ({ values }) => void (longest = Math.max(longest, values.length)),
      ObjectField: ({ name }) => (exempt.has(`${getNamedType(info.getParentInputType())?.name}.${name.value}`) ? false : undefined),
    }),
  );
  return longest;
}
