import { GraphQLError, type ExecutionResult } from 'graphql';
import { faultAsNamed } from './faults.js';
import type { Run } from './fetch.js';
import type { GraphOperation } from './graph-engine.js';
import { mergeInto, type JsonObject } from './json.js';
import type { ResponseShape } from './response-shape.js';

/** An execution that nothing has answered yet. */
export function startRun<C>(
  { variables }: Pick<GraphOperation, 'variables'>,
  conditions: ReadonlyMap<string, boolean>,
  context: C,
  signal: AbortSignal,
): Run<C> {
  return { root: {}, variables, conditions, faults: [], context, signal, told: new Map() };
}

export function rootOf<C>({ root }: Run<C>): { path: []; objects: JsonObject[] } {
  return { path: [], objects: [root] };
}

/** The response to an execution whose fetches are done. */
export function respond(
  { root, faults: planned, variables }: Pick<Run<unknown>, 'root' | 'faults' | 'variables'>,
  { project, introspect, isUnplanned, responseName }: ResponseShape,
): ExecutionResult {
  if (isUnplanned) return { errors: [new GraphQLError('No subgraph answers what this operation asks.')], data: null };
  const introspected = introspect(variables);
  if (introspected) mergeInto(root, introspected, false);
  const faults = responseName ? planned.map((fault) => faultAsNamed(fault, responseName)) : planned;
  const errors = faults.map(({ error }) => error);
  const data = project(root, faults, errors);
  return errors.length > 0 ? { errors, data } : { data };
}
