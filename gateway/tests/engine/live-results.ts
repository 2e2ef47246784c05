import type { ExecutionResult } from 'graphql';
import type { GraphEngine, GraphOperation } from '../../src/engine/graph-engine.js';

/** Why a subscription is refused, or else the results of all its events, each completed under `eventContext`. */
export async function liveResults<C>(
  engine: GraphEngine<C>,
  operation: GraphOperation,
  context: C,
  eventContext = context,
): Promise<ExecutionResult[]> {
  const never = new AbortController().signal;
  const planned = await engine.planLive(operation, context);
  if (planned.kind === 'refused') return [{ errors: planned.errors }];
  const source = await planned.plan.open(null, context, never);
  const results: ExecutionResult[] = [];
  for await (const event of Symbol.asyncIterator in source ? source : [source])
    results.push(await planned.plan.complete(event, eventContext, never));
  return results;
}
