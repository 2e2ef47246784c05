import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { excessOf, type Limits } from './limits.js';
import { longestList } from './list-values.js';
import type { OperationCost, Variables } from './operation-cost.js';
import { fragmentsOf } from '../engine/fragments.js';
import { rootFieldsOf } from './operation-shape.js';
import type { OperationExcess } from './refusal.js';

/** What the limits have to know of a schema. */
export interface LimitFacts {
  /** Mutations that try or make a credential; a request may hold one of all of them. */
  credentialMutations: readonly string[];
  /** Input fields that may hold a longer list than others, as `Input.field`. */
  longLists: readonly string[];
}

/** What a valid operation has too much of, with these variables. */
export type OperationLimits = (document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) => OperationExcess[];

/** The limits that need a schema and variables. Cheap for an operation that was judged before: only what its variables decide is looked at. */
export function operationLimits(
  schema: GraphQLSchema,
  cost: OperationCost,
  limits: Limits,
  { credentialMutations, longLists }: LimitFacts,
): OperationLimits {
  const longest = longestList(schema, longLists);
  const isCredential = ({ name }: { name: { value: string } }) => credentialMutations.includes(name.value);
  return (document, operation, variables) => {
    const rules: [OperationExcess['limit'], () => number][] = [
      ['cost', () => cost(document, operation, variables)],
      ['listValues', () => longest(document, operation, variables)],
    ];
    if (operation.operation === 'mutation')
      rules.push(['credentialMutations', () => rootFieldsOf(operation.selectionSet, fragmentsOf(document), isCredential, new Map())]);
    return rules.flatMap(([limit, measure]) => excessOf(limit, limits[limit], measure).map((excess) => ({ ...excess, limit })));
  };
}
