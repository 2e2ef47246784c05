import { GraphQLError } from 'graphql';
import type { GraphOperation } from '../graph-engine.js';
import { Follower } from './follower.js';
import type { LiveClient, LiveEvent, LiveHubOptions } from './live-event.js';
import type { LivePlan } from './live-plan.js';
import { LiveShape } from './live-shape.js';
import { LiveSource } from './live-source.js';
import type { EventMarks } from './primary-request.js';

export interface LiveHub<C> {
  /** Tells `client` of every event until it leaves or the subscription ends. Sources and answers are shared with all who asked alike. */
  follow(plan: LivePlan<C>, operation: GraphOperation, context: C, client: LiveClient): Following<C>;
  /**
   * Goes over to another schema: every subscription is planned again. Where its source stays the same it is kept open; otherwise the new
   * one goes on after the last event seen. Null: it is not valid any more, and ends with SUBSCRIPTION_SCHEMA_RELOAD.
   */
  replan(plan: (operation: GraphOperation, context: C) => Promise<LivePlan<C> | null>): Promise<void>;
  counts(): LiveCounts;
}

export interface LiveCounts {
  /** Streams from subgraphs. */
  sources: number;
  /** Kinds of answers that are made of their events. */
  shapes: number;
  clients: number;
}

export interface Following<C> {
  leave(): void;
  /** Goes on for another viewer, or the same with other rights: nothing is shared with who it was before. */
  moveTo(plan: LivePlan<C>, context: C): void;
}

/** All subscriptions of one process. It outlives a change of the schema. */
export function createLiveHub<C>(options: LiveHubOptions<C>): LiveHub<C> {
  const shared = new Map<string, LiveSource<C>>();
  const running = new Set<LiveSource<C>>();

  const shapes = (): LiveShape<C>[] => [...running].flatMap((source) => [...source.shapes.values()]);
  const open = (key: string, plan: LivePlan<C>, context: C, after: EventMarks['cursor']): LiveSource<C> => {
    const source: LiveSource<C> = new LiveSource(plan, context, after, options, () => {
      running.delete(source);
      if (shared.get(key) === source) shared.delete(key);
    });
    shared.set(key, source);
    running.add(source);
    return source;
  };
  /** The source that others read already, as long as it can tell what came before; else one of its own. */
  const sourceFor = (plan: LivePlan<C>, context: C, seen: EventMarks['cursor']): { source: LiveSource<C>; kept: readonly LiveEvent[] } => {
    const after = plan.policy.canResume ? seen : null;
    const key = JSON.stringify([plan.source, options.scopeOf(context), after]);
    const known = shared.get(key);
    const kept = known?.kept.forJoiner();
    return known && kept ? { source: known, kept } : { source: open(key, plan, context, after), kept: [] };
  };
  const join = (plan: LivePlan<C>, operation: GraphOperation, context: C, follower: Follower): LiveShape<C> => {
    const { source, kept } = sourceFor(plan, context, follower.cursor);
    const shape = source.shapes.get(plan.shape) ?? source.add(new LiveShape(plan, operation, context, source, options));
    shape.join(follower, kept);
    source.start();
    return shape;
  };
  const leave = (shape: LiveShape<C>, follower: Follower): void => {
    shape.leave(follower);
    if (shape.size === 0) shape.stop();
  };
  const replanShape = (shape: LiveShape<C>, plan: LivePlan<C> | null): void => {
    if (!plan) return shape.end({ kind: 'failed', error: schemaReloaded() });
    const { source: before } = shape;
    const isSame = plan.source === before.plan.source;
    const { source } = isSame ? { source: before } : sourceFor(plan, shape.context, shape.newestCursor());
    before.remove(shape);
    shape.goOver(plan, source);
    source.plan = plan;
    source.add(shape);
    if (before.shapes.size === 0) before.stop();
    source.start();
  };

  return {
    follow: (plan, operation, context, client) => {
      let follower = new Follower(client);
      let shape = join(plan, operation, context, follower);
      return {
        leave: () => leave(shape, follower),
        moveTo: (nextPlan, nextContext) => {
          if (follower.hasLeft || options.scopeOf(nextContext) === options.scopeOf(shape.context)) return;
          leave(shape, follower);
          follower = follower.successor();
          shape = join(nextPlan, shape.operation, nextContext, follower);
        },
      };
    },
    replan: async (planFor) => {
      for (const shape of shapes()) {
        const plan = await planFor(shape.operation, shape.context);
        if (shape.size > 0) replanShape(shape, plan);
      }
    },
    counts: () => ({
      sources: running.size,
      shapes: shapes().length,
      clients: shapes().reduce((sum, { size }) => sum + size, 0),
    }),
  };
}

function schemaReloaded(): GraphQLError {
  return new GraphQLError('This subscription is no longer valid: the schema has changed.', {
    extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' },
  });
}
