import type { PlanNode } from '@apollo/query-planner';
import type { OperationDefinitionNode } from 'graphql';
import type { Run } from '../fetch.js';
import { compileLayout } from './layout.js';
import { NotSpliceable, type SplicedFetch } from './selections.js';
import { compileFetch, UNEXPECTED, type SpliceParts, type Splicing, type Step, type Unspliced } from './spliced-fetch.js';
import { SplicedObject, textOf } from './spliced-object.js';

/**
 * Runs a plan and puts the text of the response together of the texts that subgraphs answer, without reading their values. Where that cannot
 * be, the run has been told what was answered so far, and goes on by the steps of its plan. Never rejects.
 */
export type Splice<C> = (run: Run<C>) => Promise<Spliced>;

export type Spliced = { kind: 'response'; text: string } | Unspliced;

/** Null when this plan of a query is none for it. */
export function compileSplice<C>(plan: PlanNode, operation: OperationDefinitionNode, parts: SpliceParts<C>): Splice<C> | null {
  const type = parts.client.schema.getQueryType();
  if (!type) return null;
  try {
    const fetches: SplicedFetch[] = [];
    const step = compileStep(plan, [], fetches, parts);
    const place = { type, selectionSets: [operation.selectionSet], path: [], origin: null };
    const layout = compileLayout({ ...parts, fetches, spend: allowance() }, place);
    return async (run) => {
      const splicing: Splicing<C> = { run, root: new SplicedObject(layout), fault: null, asked: null };
      const text = (await step(splicing)) ? textOf(splicing.root) : null;
      return text === null ? (splicing.fault ?? UNEXPECTED) : { kind: 'response', text: `{"data":${text}}` };
    };
  } catch (error) {
    if (error instanceof NotSpliceable) return null;
    throw error;
  }
}

/** Abstract types in abstract types grow without bounds. */
const MOST_OBJECTS = 300;

function allowance(): () => void {
  let left = MOST_OBJECTS;
  return () => {
    if (left-- === 0) throw new NotSpliceable('It has too many forms.');
  };
}

/** Adds the fetches of a node to those of the plan. */
function compileStep<C>(node: PlanNode, path: readonly string[], fetches: SplicedFetch[], parts: SpliceParts<C>): Step<C> {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, path, fetches, parts);
    case 'Sequence': {
      const steps = node.nodes.map((below) => compileStep(below, path, fetches, parts));
      return async (splicing) => {
        for (const step of steps) if (!(await step(splicing))) return false;
        return true;
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map((below) => compileStep(below, path, fetches, parts));
      return (splicing) => allOf(steps.map((step) => step(splicing)));
    }
    case 'Flatten':
      return compileStep(node.node, [...path, ...node.path.filter((key) => key !== '@').map(String)], fetches, parts);
    case 'Condition': {
      const clause = parts.client.conditions.get(node.condition) ? node.ifClause : node.elseClause;
      return clause ? compileStep(clause, path, fetches, parts) : async () => true;
    }
    case 'Defer':
      throw new NotSpliceable('Parts are answered later.');
    default:
      throw new Error(`Unknown node of a plan: ${JSON.stringify(node satisfies never)}`);
  }
}

/** As soon as one is false, it is. */
function allOf(outcomes: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve) => {
    let left = outcomes.length;
    if (left === 0) resolve(true);
    const settle = (isDone: boolean) => {
      if (!isDone || --left === 0) resolve(isDone);
    };
    for (const outcome of outcomes) void outcome.then(settle);
  });
}
