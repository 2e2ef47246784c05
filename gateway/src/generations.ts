import { GraphQLError, type DocumentNode } from 'graphql';
import type { Logger } from '@shop/platform/logger';
import type { ClientRequest } from './client-request.js';
import type { ClientOperation, Engine } from './engine.js';
import type { LivePlan, LivePlanned } from './engine/live/live-plan.js';
import type { LiveHub } from './engine/live/live-hub.js';
import { refuseUnplannable, warmGeneration, type Generation, type SchemaCheck } from './generation.js';
import type { OperationCheck } from './operation-check.js';

export interface GenerationsOptions {
  /** Throws when the supergraph cannot be served. */
  build(supergraphSdl: string): Generation;
  supergraphSdl: string;
  /** Texts of operations that are planned before anybody asks for them: those of the moment. */
  registered(): readonly string[];
  logger: Logger;
  /** How long a generation is kept after its last request began, so that it ends well. */
  graceMs: number;
}

export type Reload =
  | { kind: 'taken'; warmed: number }
  /** What is served already. */
  | { kind: 'unchanged' }
  /** The old one stays. */
  | { kind: 'refused'; reason: string };

export interface ReloadCounts {
  taken: number;
  refused: number;
}

/** An engine and a check that go over to another supergraph while they are used. */
export interface Generations extends AsyncDisposable {
  engine: Engine;
  check: SchemaCheck;
  /**
   * Builds and warms the next generation beside the present one, and then goes over to it at once: requests under way end where they began,
   * subscriptions are planned again. One after the other. Never rejects: what cannot be served is refused, and logged.
   */
  reload(supergraphSdl: string, hub: Pick<LiveHub<ClientRequest>, 'replan'>): Promise<Reload>;
  counts(): ReloadCounts;
  /** Plans what has been registered since. */
  warm(texts: readonly string[]): Promise<void>;
  /** Resolves once operations can be planned, rejects when they cannot; those that are registered are planned from then on. */
  ready: Promise<void>;
  /** Resolves when those have been planned. */
  warmed: Promise<void>;
}

/** Of the operations that were asked for, so many of the most used are planned for the next generation before it is used. */
const MOST_USED = 500;

export function generations({ build, supergraphSdl, registered, logger, graceMs }: GenerationsOptions): Generations {
  const origins = new WeakMap<DocumentNode, { generation: Generation; text: string }>();
  const counted: ReloadCounts = { taken: 0, refused: 0 };
  const retired = new Map<Generation, NodeJS.Timeout>();
  let current = build(supergraphSdl);
  let currentSdl = supergraphSdl;
  let last: Promise<unknown> = Promise.resolve();

  const documentIn = (generation: Generation, text: string): ReturnType<OperationCheck['document']> => {
    const checked = generation.check.document(text);
    if (checked.kind === 'valid' && !origins.has(checked.document)) origins.set(checked.document, { generation, text });
    return checked;
  };
  const warming = { registered, documentIn, logger };
  const generationOf = (document: DocumentNode): Generation => origins.get(document)?.generation ?? current;
  const planNow = async (operation: ClientOperation, request: ClientRequest): Promise<LivePlanned<ClientRequest>> => {
    const origin = origins.get(operation.document);
    if (!origin || origin.generation === current) return current.engine.planLive(operation, request);
    const checked = documentIn(current, origin.text);
    if (checked.kind === 'refused') return { kind: 'refused', errors: [schemaReloaded()] };
    return current.engine.planLive({ ...operation, document: checked.document }, request);
  };
  const retire = (generation: Generation): void => {
    const dispose = () => {
      retired.delete(generation);
      void generation.engine[Symbol.asyncDispose]();
    };
    retired.set(generation, setTimeout(dispose, graceMs).unref());
  };
  const takeOver = async (sdl: string, hub: Pick<LiveHub<ClientRequest>, 'replan'>): Promise<Reload> => {
    if (sdl === currentSdl) return { kind: 'unchanged' };
    try {
      const { next, warmed } = await prepare(sdl);
      retire(current);
      [current, currentSdl] = [next, sdl];
      counted.taken++;
      logger.info({ count: warmed }, 'another supergraph is served');
      await hub.replan((operation, request) => planOrEnd({ ...operation, variables: { ...operation.variables } }, request));
      return { kind: 'taken', warmed };
    } catch (err) {
      counted.refused++;
      logger.error({ err }, 'a supergraph was refused; the one before it is served');
      return { kind: 'refused', reason: err instanceof Error ? err.message : String(err) };
    }
  };
  const prepare = async (sdl: string): Promise<{ next: Generation; warmed: number }> => {
    const next = build(sdl);
    try {
      await refuseUnplannable(next);
      return { next, warmed: await warmGeneration(next, [...mostUsed(current), ...registered()], warming) };
    } catch (error) {
      await next.engine[Symbol.asyncDispose]();
      throw error;
    }
  };
  /** Null ends a subscription. */
  const planOrEnd = async (operation: ClientOperation, request: ClientRequest): Promise<LivePlan<ClientRequest> | null> => {
    try {
      const planned = await planNow(operation, request);
      return planned.kind === 'planned' ? planned.plan : null;
    } catch (err) {
      logger.error({ err }, 'a subscription could not be planned again');
      return null;
    }
  };
  const mostUsed = ({ engine }: Generation): string[] =>
    (engine.plans?.mostUsed(MOST_USED) ?? []).flatMap(({ document }) => origins.get(document)?.text ?? []);

  const ready = refuseUnplannable(current);
  const warmNow = (texts: readonly string[]): Promise<void> =>
    warmGeneration(current, texts, warming).then(
      () => undefined,
      (err: unknown) => logger.error({ err }, 'operations could not be planned ahead'),
    );
  // Whoever waits for `ready` hears why it is not.
  const warmed = ready.then(() => warmNow(registered())).catch(() => undefined);
  return {
    engine: {
      get apiSchema() {
        return current.engine.apiSchema;
      },
      get plans() {
        return current.engine.plans;
      },
      execute: (operation, request) => generationOf(operation.document).engine.execute(operation, request),
      executeIncrementally: (operation, request) => generationOf(operation.document).engine.executeIncrementally(operation, request),
      planLive: planNow,
      [Symbol.asyncDispose]: () => current.engine[Symbol.asyncDispose](),
    },
    check: {
      document: (text) => documentIn(current, text),
      operation: (document, ...rest) => generationOf(document).check.operation(document, ...rest),
      cost: (document, ...rest) => generationOf(document).check.cost(document, ...rest),
      sharedSeconds: (document, operation) => generationOf(document).check.sharedSeconds(document, operation),
    },
    reload: (sdl, hub) => {
      const reloaded = last.then(() => takeOver(sdl, hub));
      last = reloaded;
      return reloaded;
    },
    counts: () => ({ ...counted }),
    warm: warmNow,
    ready,
    warmed,
    [Symbol.asyncDispose]: async () => {
      await last;
      for (const timer of retired.values()) clearTimeout(timer);
      await Promise.all([current, ...retired.keys()].map(({ engine }) => engine[Symbol.asyncDispose]()));
    },
  };
}

function schemaReloaded(): GraphQLError {
  return new GraphQLError('This subscription is no longer valid: the schema has changed.', {
    extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' },
  });
}
