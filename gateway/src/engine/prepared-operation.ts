import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { GraphQLError, Kind, OperationTypeNode, print, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { OperationParts } from './collect-fields.js';
import { compileTake, requestOf, type FetchParts, type Step, type Take } from './fetch.js';
import { withContextFields } from './context-fields.js';
import { deferredParts, isDeferring, withoutDefer, type DeferLabels, type DeferredDocument } from './deferred-document.js';
import { fragmentsOf } from './fragments.js';
import { compileIncrementalPlan, plannedLabels } from './incremental.js';
import { withoutSchemaFields } from './introspection.js';
import { keepingObjects } from './kept-objects.js';
import { compilePlan, nothing } from './plan.js';
import { planNames, type PlanNames } from './plan-names.js';
import type { Plan, PlanQuestion } from './planner.js';
import { isRefusalToPlan } from './planner-thread.js';
import type { PlannerSupergraph } from './planner-supergraph.js';
import { compileChoice, type Choice, type Choose, type ResponseShape } from './response-shape.js';
import { compileSplice, type Splice } from './splice/splice.js';
import { splicesOf } from './splice/splices.js';
import { fetchWithoutStandIns, withoutStandIns } from './stand-ins.js';
import type { SubgraphRequest } from './subgraph-fetcher.js';

export interface PlanningParts<C> extends FetchParts<C> {
  /** May take its time, elsewhere. */
  plan: Plans;
  supergraph: PlannerSupergraph;
  /** What clients see. */
  apiSchema: GraphQLSchema;
  /** The full supergraph. */
  schema: GraphQLSchema;
  /** How often an operation runs by the steps of its plan before it is put together of texts, where it can be. */
  splicedAfter: number;
}

/** `asker`: whose share of the planner's time it takes. */
type Plans = (question: PlanQuestion, asker?: string) => Plan | Promise<Plan>;

/** An operation, planned and compiled once. */
export interface PreparedOperation<C> {
  /** The whole plan; for a subscription what follows its primary fetch. */
  step: Step<C>;
  primary: Primary<C> | null;
  /** The whole plan where parts are answered later, in place of `step`. */
  incremental: ReturnType<typeof compileIncrementalPlan<C>> | null;
  choose: Choose;
  /** The whole plan where an answer can be put together of texts; to be tried before `step`. */
  splice(chosen: Extract<Choice, { kind: 'chosen' }>): Splice<C> | null;
}

export interface Primary<C> {
  subgraph: string;
  request(variables: Readonly<Record<string, unknown>>): SubgraphRequest;
  take: Take<C>;
}

/** What is left of an operation for whoever asks, and what is said of the rest; `denied` are fields of the operation as it is shown. */
export interface Restriction {
  planned: DocumentNode;
  denied: OperationParts['denied'];
}

export interface Preparation {
  document: DocumentNode;
  operationName: string | undefined;
  overrides: ReadonlyMap<string, boolean>;
  /** Left out: all of it. */
  restriction?: Restriction;
  /** Of the parts that may be answered later. Left out: `@defer` says nothing. */
  labels?: DeferLabels;
  /** Whose share of the planner's time it takes. */
  asker?: string;
}

/**
 * Plans and compiles; a promise where planning is one. Throws a GraphQLError when there is no such operation, and whatever the planner
 * throws.
 */
export function prepareOperation<C>(
  preparation: Preparation,
  parts: PlanningParts<C>,
): PreparedOperation<C> | Promise<PreparedOperation<C>> {
  const { asked, deferred } = withDeferred(preparation);
  if (deferred) return prepareIncrementally(preparation, asked, deferred, parts);
  const { names, question } = askPlanner(asked, parts);
  const planned = parts.plan(question, preparation.asker);
  if (planned instanceof Promise) return planned.then((plan) => compileOperation(asked, names, plan, parts, null));
  return compileOperation(asked, names, planned, parts, null);
}

/** The planner fails on some operations only because of what they defer: those are answered at once. */
async function prepareIncrementally<C>(
  preparation: Preparation,
  asked: Preparation,
  deferred: DeferredDocument,
  parts: PlanningParts<C>,
): Promise<PreparedOperation<C>> {
  try {
    const { names, question } = askPlanner(asked, parts);
    return compileOperation(asked, names, await parts.plan(question, preparation.asker), parts, deferred);
  } catch (error) {
    if (error instanceof GraphQLError && isRefusalToPlan(error)) throw error;
    const { labels: _labels, ...atOnce } = preparation;
    return prepareOperation(atOnce, parts);
  }
}

/** What is planned of an operation in which `@defer` stands. */
function withDeferred(preparation: Preparation): { asked: Preparation; deferred: DeferredDocument | null } {
  const { document, restriction, labels } = preparation;
  const planned = restriction?.planned ?? document;
  if (!isDeferring(planned)) return { asked: preparation, deferred: null };
  const deferred = labels ? deferredParts(document, planned, labels) : null;
  const denied: Restriction['denied'] = restriction?.denied ?? new Map();
  return { asked: { ...preparation, restriction: { planned: deferred?.planned ?? withoutDefer(planned), denied } }, deferred };
}

function askPlanner<C>(
  { document, operationName, overrides, restriction }: Preparation,
  { supergraph, apiSchema }: PlanningParts<C>,
): { names: PlanNames; question: PlanQuestion } {
  operationOf(document, operationName);
  const names = planNames(document, supergraph.reserved);
  const asked = withoutSchemaFields(restriction?.planned ?? document);
  const complete = withContextFields(asked, apiSchema, supergraph.contexts);
  const planned = keepingObjects(names.named(complete));
  return { names, question: { text: print(planned), operationName, overrides } };
}

function compileOperation<C>(
  { document, operationName, restriction }: Preparation,
  names: PlanNames,
  planned: Plan,
  parts: PlanningParts<C>,
  deferred: DeferredDocument | null,
): PreparedOperation<C> {
  const { supergraph } = parts;
  const isSubscription = planned?.kind === 'Subscription';
  const rest = isSubscription ? planned.rest : planned;
  const plan = rest && withoutStandIns(rest, supergraph);
  const operation = operationOf(document, operationName);
  const responseName = responseNames(names, supergraph);
  const isSpliceable = operation.operation === OperationTypeNode.QUERY && !deferred && !responseName && !restriction?.denied.size;
  return {
    splice: splicesOf(({ conditions }) => {
      if (!plan || !isSpliceable) return null;
      const nothingElse = { keyOf: names.keyOf, denied: new Map(), deferred: new Set<string>() };
      const client = { schema: parts.apiSchema, fragments: fragmentsOf(document), conditions, ...nothingElse };
      return compileSplice(plan, operation, { ...parts, client });
    }, parts.splicedAfter),
    step: plan && !deferred ? compilePlan(plan, parts) : nothing,
    incremental: deferred ? compileIncrementalPlan(plan, parts) : null,
    primary: isSubscription ? primaryOf(planned.primary, parts) : null,
    choose: compileChoice(document, operation, {
      schema: parts.apiSchema,
      keyOf: names.keyOf,
      variables: names.variables,
      denied: restriction?.denied ?? new Map(),
      responseName,
      isEmpty: planned === undefined,
      ...laterFragments(deferred, plan),
      // Where types differ, the plan asks for them.
      isOfType: (typeName, condition) => typeof typeName !== 'string' || parts.conditions(condition).has(typeName),
    }),
  };
}

/** The parts that the plan does answer later: it may find that all can be had at once. */
function laterFragments(
  deferred: DeferredDocument | null,
  plan: PlanNode | undefined,
): { deferred: ReadonlySet<string>; later: DeferredDocument['fragments'] } {
  const labels = new Set(deferred ? plannedLabels(plan) : []);
  return { deferred: labels, later: deferred?.fragments ?? new Map() };
}

function primaryOf<C>(node: FetchNode, parts: PlanningParts<C>): Primary<C> {
  const [fetch = node] = fetchWithoutStandIns(node, parts.supergraph);
  return { subgraph: fetch.serviceName, request: (variables) => requestOf(fetch, variables), take: compileTake(fetch, parts) };
}

function responseNames({ isPlain, responseName }: PlanNames, { standIns }: PlannerSupergraph): ResponseShape['responseName'] {
  if (isPlain && standIns.size === 0) return null;
  return (key) => standIns.get(String(key))?.field ?? responseName(key);
}

/** Throws a GraphQLError when the document holds no such operation, or several and no name was given. */
export function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation, another] = name ? operations.filter((each) => each.name?.value === name) : operations;
  if (!operation || another) throw new GraphQLError(name ? `There is no operation ${name}.` : 'Say which operation is to run.');
  return operation;
}
