import {
  getVariableValues,
  GraphQLError,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { collectFields, conditionVariables, isIncluded, type OperationParts } from './collect-fields.js';
import type { DeferredDocument } from './deferred-document.js';
import { fragmentsOf } from './fragments.js';
import type { LaterPartShape, LaterShape } from './incremental.js';
import { compileIntrospection, type Introspection } from './introspection.js';
import type { PlanNames } from './plan-names.js';
import { compilePartProjection, compileProjection, type Projection } from './projection.js';

/** Judges variables as the GraphQL specification says, and finds the shape of the response that they decide. */
export type Choose = (variables: Readonly<Record<string, unknown>>) => Choice;

export type Choice =
  | { kind: 'refused'; errors: readonly GraphQLError[] }
  | {
      kind: 'chosen';
      conditions: ReadonlyMap<string, boolean>;
      /** As the plan calls them. */
      variables: Readonly<Record<string, unknown>>;
      shape: ResponseShape;
    };

/** What a response looks like for one set of values of the variables that decide `@skip` and `@include`. */
export interface ResponseShape {
  project: Projection;
  introspect: Introspection;
  /** What a key of a plan's path is called in the response; null when each is called the same. */
  responseName: ((key: string | number) => string | number) | null;
  /** The plan asks nobody although fields of subgraphs are selected. */
  isUnplanned: boolean;
  /** Of the parts that are answered later. */
  later: LaterShape;
}

/** How many shapes of one operation are kept; the others are compiled again. */
const SHAPES = 32;

export interface ShapeParts extends Omit<OperationParts, 'fragments' | 'conditions'> {
  responseName: ResponseShape['responseName'];
  variables: PlanNames['variables'];
  /** The plan asks nobody. */
  isEmpty: boolean;
  /** What is answered later, by label. */
  later: DeferredDocument['fragments'];
  isOfType: LaterShape['isOfType'];
}

/** Compiles each shape when it is first met. `document` is the operation as it is shown. */
export function compileChoice(document: DocumentNode, operation: OperationDefinitionNode, parts: ShapeParts): Choose {
  const fragments = fragmentsOf(document);
  const names = [...conditionVariables(operation.selectionSet, fragments, parts.deferred.size > 0)];
  const shapes = new LRUCache<string, ResponseShape>({ max: SHAPES });
  return (variables) => {
    const { errors, coerced } = coerceVariables(parts.schema, operation, variables);
    if (errors) return { kind: 'refused', errors };
    const conditions = new Map<string, boolean>();
    for (const name of names) {
      const value = coerced[name];
      if (typeof value !== 'boolean')
        return { kind: 'refused', errors: [badInput(`Variable "$${name}" decides what is asked; it must be true or false.`)] };
      conditions.set(parts.variables.get(name) ?? name, value).set(name, value);
    }
    const key = names.map((name) => (conditions.get(name) ? '1' : '0')).join('');
    const shape = shapes.get(key) ?? compileShape({ ...parts, fragments, conditions }, operation);
    shapes.set(key, shape);
    return { kind: 'chosen', conditions, variables: asPlanned(variables, parts.variables), shape };
  };
}

function asPlanned(variables: Readonly<Record<string, unknown>>, names: PlanNames['variables']): Readonly<Record<string, unknown>> {
  if (names.size === 0) return variables;
  const renamed: Record<string, unknown> = { ...variables };
  for (const [name, planned] of names) if (Object.hasOwn(variables, name)) renamed[planned] = variables[name];
  return renamed;
}

/** The variables as the GraphQL specification reads them, or what is wrong with them: BAD_USER_INPUT, with the place. */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): ReturnType<typeof getVariableValues> {
  const { errors, coerced } = getVariableValues(schema, variableDefinitions, variables, { hideSuggestions: true });
  return errors ? { errors: errors.map(({ message, nodes }) => badInput(discreet(message), nodes)) } : { coerced };
}

function badInput(message: string, nodes?: GraphQLError['nodes']): GraphQLError {
  return new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}

/** An object that is told back whole may hold a password, and logs keep what errors say. */
function discreet(message: string): string {
  return message.replace(/ got invalid value [{[].*[}\]](?=; | at "[^"]*"; )/s, ' got an invalid value');
}

function compileShape(parts: ShapeParts & OperationParts, operation: OperationDefinitionNode): ResponseShape {
  const rootType = parts.schema.getRootType(operation.operation);
  if (!rootType) throw new GraphQLError(`There are no ${operation.operation}s.`);
  const fields = collectFields(parts, rootType, [operation.selectionSet]);
  const introspected = new Map([...fields].filter(([, [node]]) => node?.name.value === '__schema' || node?.name.value === '__type'));
  const answered = [...fields].filter(
    ([name, nodes]) => !introspected.has(name) && nodes[0]?.name.value !== '__typename' && nodes.some((node) => !parts.denied.has(node)),
  );
  return {
    project: compileProjection(parts, rootType, operation.selectionSet, new Set(introspected.keys())),
    introspect: compileIntrospection(parts, operation, [...introspected.values()].flat()),
    responseName: parts.responseName,
    isUnplanned: parts.isEmpty && answered.length > 0,
    later: compileLater(parts),
  };
}

function compileLater(parts: ShapeParts & OperationParts): LaterShape {
  const { responseName, isOfType } = parts;
  const later = [...parts.later].flatMap(([name, { label, parentType, selectionSet, within }]): [string, LaterPartShape][] => {
    if (!within.every((selection) => isIncluded(selection, parts))) return [];
    const path = within.flatMap((selection) => stepInto(selection, parts));
    return [[name, { project: compilePartProjection(parts, parentType, selectionSet), path, label }]];
  });
  return { parts: new Map(later), responseName, isOfType };
}

function stepInto(selection: FieldNode | InlineFragmentNode, { keyOf }: OperationParts): string[] {
  if (selection.kind === Kind.FIELD) return [keyOf(selection)];
  return selection.typeCondition ? [`... on ${selection.typeCondition.name.value}`] : [];
}
