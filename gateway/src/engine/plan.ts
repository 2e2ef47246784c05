import type { PlanNode } from '@apollo/query-planner';
import { compileFetch, type FetchParts, type Step } from './fetch.js';
import { placesBelow } from './places.js';

/** A node of Apollo's plan as one function. Throws for a node that this engine does not know. */
export function compilePlan<C>(node: PlanNode, parts: FetchParts<C>): Step<C> {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, parts);
    case 'Sequence':
      return sequence(node.nodes.map((below) => compilePlan(below, parts)));
    case 'Parallel':
      return parallel(node.nodes.map((below) => compilePlan(below, parts)));
    case 'Flatten': {
      const step = compilePlan(node.node, parts);
      return async (run, places) => {
        const below = placesBelow(places, node.path);
        if (below.objects.length > 0) await step(run, below);
      };
    }
    case 'Condition': {
      const met = node.ifClause ? compilePlan(node.ifClause, parts) : nothing;
      const unmet = node.elseClause ? compilePlan(node.elseClause, parts) : nothing;
      return (run, places) => (run.conditions.get(node.condition) ? met : unmet)(run, places);
    }
    case 'Defer':
      throw new Error('This engine does not know @defer.');
    default:
      throw new Error(`Unknown node of a plan: ${JSON.stringify(node satisfies never)}`);
  }
}

/** A plan that needs no subgraph. */
export const nothing = async (): Promise<void> => undefined;

function sequence<C>(steps: readonly Step<C>[]): Step<C> {
  return async (run, places) => {
    for (const step of steps) await step(run, places);
  };
}

function parallel<C>(steps: readonly Step<C>[]): Step<C> {
  return async (run, places) => {
    await Promise.all(steps.map((step) => step(run, places)));
  };
}
