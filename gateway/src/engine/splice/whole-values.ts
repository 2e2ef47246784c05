import { getNamedType, isAbstractType, isLeafType, type FieldNode, type GraphQLObjectType, type GraphQLOutputType } from 'graphql';
import { collectFields } from '../collect-fields.js';
import { anyLeafPattern, eitherPattern, leafPattern, objectPattern, textPattern, wrappedPattern, type Pattern } from './json-patterns.js';
import {
  givenFields,
  isAddedTo,
  isTypeName,
  NotSpliceable,
  objectTypeOf,
  possibleTypes,
  selectionSetsOf,
  type Below,
  type LayoutParts,
  type SplicedFetch,
} from './selections.js';

/** Of a value that clients are shown just as a subgraph answers it; null when it is not. */
export function wholePattern(parts: LayoutParts, type: GraphQLOutputType, below: Below): Pattern | null {
  const named = getNamedType(type);
  if (isLeafType(named)) return wrappedPattern(type, leafPattern(named), 'as-typed');
  if (isAddedTo(parts, below.path)) return null;
  const patterns: Pattern[] = [];
  for (const possible of possibleTypes(parts.client.schema, type)) {
    const pattern = wholeObject(parts, possible, isAbstractType(named), below);
    if (pattern === null) return null;
    patterns.push(pattern);
  }
  return wrappedPattern(type, eitherPattern(patterns), 'as-typed');
}

function wholeObject(parts: LayoutParts, type: GraphQLObjectType, isTold: boolean, { selectionSets, path, origin }: Below): Pattern | null {
  parts.spend();
  const wanted = [...collectFields(parts.client, type, selectionSets)];
  const given = [...givenFields(parts, type.name, origin)];
  if (wanted.length !== given.length || (isTold && !isTypeName(given[0]?.[1] ?? []))) return null;
  const fields: (readonly [string, Pattern])[] = [];
  for (const [i, [name, nodes]] of wanted.entries()) {
    const [givenName, givenNodes] = given[i] ?? [];
    if (name !== givenName || !givenNodes) return null;
    const at = {
      selectionSets: selectionSetsOf(nodes),
      path: [...path, name],
      origin: { ...origin, selectionSets: selectionSetsOf(givenNodes) },
    };
    const field = type.getFields()[nodes[0]?.name.value ?? ''];
    const value = isTypeName(nodes) ? textPattern(type.name) : field && wholePattern(parts, field.type, at);
    if (typeof value !== 'string') return null;
    fields.push([name, value]);
  }
  return objectPattern(fields);
}

/** Of a field that clients are not shown, or not from here. */
export function hiddenPattern(parts: LayoutParts, typeName: string, fetch: SplicedFetch, nodes: readonly FieldNode[]): Pattern {
  if (isTypeName(nodes)) return textPattern(typeName);
  const field = objectTypeOf(parts.schema, typeName).getFields()[nodes[0]?.name.value ?? ''];
  if (!field) throw new NotSpliceable(`${typeName} has no such field.`);
  if (isLeafType(getNamedType(field.type))) return wrappedPattern(field.type, anyLeafPattern, 'everywhere');
  const selectionSets = selectionSetsOf(nodes);
  const objects = possibleTypes(parts.schema, field.type).map(({ name }) => {
    parts.spend();
    const fields = [...givenFields(parts, name, { fetch, selectionSets })];
    return objectPattern(fields.map(([key, below]) => [key, hiddenPattern(parts, name, fetch, below)]));
  });
  return wrappedPattern(field.type, eitherPattern(objects), 'everywhere');
}
