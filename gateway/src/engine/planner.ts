import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { parse } from 'graphql';

/** An operation to be planned, as it can be sent to another thread. */
export interface PlanQuestion {
  /** Valid over what clients see. */
  text: string;
  /** Needed when the text holds several. */
  operationName: string | undefined;
  /** Whether each label of a progressive `@override` is on. */
  overrides: ReadonlyMap<string, boolean>;
}

/** What subgraphs are asked; undefined when nobody is. JSON. */
export type Plan = QueryPlan['node'];

/** Plans at once, on the thread that asks. Throws what Apollo's planner throws. */
export type Planner = (question: PlanQuestion) => Plan;

export interface PlannerOptions {
  /** A supergraph that was rewritten for the planner breaks rules of composition that don't matter to it. */
  isRewritten: boolean;
}

/** Throws when the supergraph cannot be loaded. Imports nothing of ours: a thread loads this file as it is. */
export function createPlanner(supergraphSdl: string, { isRewritten }: PlannerOptions): Planner {
  const supergraph = Supergraph.build(supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    validateSupergraph: !isRewritten,
  });
  const api = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, { reuseQueryFragments: !isRewritten, incrementalDelivery: { enableDefer: true } });
  return ({ text, operationName, overrides }) => {
    const operation = operationFromDocument(api, parse(text, { noLocation: true }), {
      ...(operationName && { operationName }),
      validate: false,
    });
    return planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) }).node;
  };
}
