import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { Schema } from '@apollo/federation-internals';
import type { PlanNode, SubscriptionNode } from '@apollo/query-planner';
import {
  Kind,
  OperationTypeNode,
  print,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';
import { withoutDefer } from '../engine/deferred-document.js';
import type { Fault } from '../engine/faults.js';
import { withoutSchemaFields } from '../engine/introspection.js';
import { isObject } from '../engine/json.js';
import type { Plan, PlanQuestion } from '../engine/planner.js';
import { operationOf, type Preparation, type Restriction } from '../engine/prepared-operation.js';
import { compileChoice, type Choose } from '../engine/response-shape.js';
import { respond } from '../engine/run.js';

export type ServiceMap = Record<string, GraphQLDataSource>;

/** What an operation is planned and answered by. */
export interface StockParts {
  plan(question: PlanQuestion, asker?: string): Promise<Plan>;
  apiSchema: GraphQLSchema;
  /** The same as Apollo's executor knows it, and the whole supergraph. */
  api: Schema;
  supergraphSchema: GraphQLSchema;
}

/** An operation as Apollo's executor takes it. */
export interface StockOperation {
  /** Unique in the process. */
  id: number;
  plan: PlanNode | SubscriptionNode | undefined;
  context: ReturnType<typeof buildOperationContext>;
  /** What is shown of its answer to somebody who may not have all of it, or may lose the right to some of it; null: everything. */
  cut: Choose | null;
}

let operations = 0;

/** Of what the operation asks, only what whoever asks may have goes to the planner and the executor. Rejects with what the planner throws. */
export async function prepareStock(preparation: Preparation, parts: StockParts): Promise<StockOperation> {
  const { document, operationName, overrides, restriction, asker } = preparation;
  const isCut = restriction !== undefined || operationOf(document, operationName).operation === OperationTypeNode.SUBSCRIPTION;
  const permitted = restriction?.planned ?? document;
  const asked = withoutDefer(isCut ? withTypeNames(permitted, parts.apiSchema) : permitted);
  const plan = await parts.plan({ text: print(withoutSchemaFields(asked)), operationName, overrides }, asker);
  return {
    id: ++operations,
    plan,
    context: buildOperationContext({
      schema: parts.apiSchema,
      operationDocument: asked,
      ...(operationName && { operationName }),
    }),
    cut: isCut ? cutOf(document, operationName, restriction?.denied ?? new Map(), plan, parts) : null,
  };
}

/** For whom it is executed, and until when. */
export interface StockRequest<C = unknown> {
  context: C;
  signal: AbortSignal;
}

/** Executes the operation, or `plan` in place of its own. */
export async function executeStock(
  prepared: StockOperation,
  variables: Readonly<Record<string, unknown>>,
  request: StockRequest,
  services: ServiceMap,
  { api, supergraphSchema }: StockParts,
  plan: PlanNode | undefined = ownPlan(prepared),
): Promise<ExecutionResult> {
  const { context, cut } = prepared;
  const requestContext: ReadOfRequest = { request: { variables }, context: { ...request }, metrics: {}, logger: quiet };
  const queryPlan = { kind: 'QueryPlan', ...(plan && { node: plan }) } as const;
  const result = await executeQueryPlan(queryPlan, services, requestContext as RequestContext, context, supergraphSchema, api);
  return cut ? cutOut(result, cut, variables) : result;
}

type RequestContext = Parameters<typeof executeQueryPlan>[2];
/** What that executor reads of it, and hands on to data sources. */
type ReadOfRequest = Pick<RequestContext, 'request' | 'context' | 'metrics' | 'logger'>;

function ownPlan({ plan }: StockOperation): PlanNode | undefined {
  return plan?.kind === 'Subscription' ? undefined : plan;
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Our projection, over what Apollo's executor made: denied fields are null with their errors, and their nulls go up. */
function cutOf(
  shown: DocumentNode,
  operationName: string | undefined,
  denied: Restriction['denied'],
  plan: StockOperation['plan'],
  { apiSchema }: StockParts,
): Choose {
  return compileChoice(shown, operationOf(shown, operationName), {
    schema: apiSchema,
    keyOf: responseNameOf,
    variables: new Map(),
    denied,
    responseName: null,
    isEmpty: plan === undefined,
    deferred: new Set(),
    later: new Map(),
    isOfType: () => true,
  });
}

function cutOut(result: ExecutionResult, choose: Choose, variables: Readonly<Record<string, unknown>>): ExecutionResult {
  if (!isObject(result.data)) return result;
  const choice = choose(variables);
  if (choice.kind === 'refused') return { errors: choice.errors };
  const faults = (result.errors ?? []).map((error): Fault => ({ error, covers: error.path ? [error.path] : [] }));
  return respond({ root: { ...result.data }, variables, faults }, choice.shape);
}

function responseNameOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** The projection has to know what each object is. A subscription selects one field, so its root stays as it is. */
function withTypeNames(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const root = schema.getSubscriptionType()?.name;
  return visit(document, {
    SelectionSet: (set, _key, parent) => {
      const holder = parent && 'kind' in parent ? parent : undefined;
      if (holder?.kind === Kind.OPERATION_DEFINITION) return undefined;
      if (holder && 'typeCondition' in holder && holder.typeCondition?.name.value === root) return undefined;
      return { ...set, selections: [TYPENAME, ...set.selections] };
    },
  });
}
