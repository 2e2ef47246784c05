import type { GraphQLError } from 'graphql';
import type { PlanNode } from '@apollo/query-planner';
import { faultAsNamed, type Fault } from './faults.js';
import type { FetchParts, Run, Step } from './fetch.js';
import { isObject, mergeInto, own, type JsonObject } from './json.js';
import type { ResponsePath } from './places.js';
import { compilePlan, nothing } from './plan.js';
import type { PartProjection } from './projection.js';
import { rootOf } from './run.js';

/** A later part of a response, to be put at `path`. */
export interface IncrementalPart {
  path: ResponsePath;
  data: JsonObject | null;
  errors?: readonly GraphQLError[];
  label?: string;
}

export interface SubsequentResult {
  incremental?: readonly IncrementalPart[];
  hasNext: boolean;
}

/** What is fetched at once, and what after it. */
export interface IncrementalPlan<C> {
  step: Step<C>;
  later: readonly LaterPart<C>[];
}

interface LaterPart<C> {
  label: string;
  /** Others of the same plan that have to be fetched before. */
  after: readonly number[];
  plan: ChoosePlan<C>;
}

type ChoosePlan<C> = (conditions: ReadonlyMap<string, boolean>) => IncrementalPlan<C>;

/** The plan of an operation that defers something. */
export function compileIncrementalPlan<C>(node: PlanNode | undefined, parts: FetchParts<C>): ChoosePlan<C> {
  switch (node?.kind) {
    case 'Condition': {
      const met = compileIncrementalPlan(node.ifClause, parts);
      const unmet = compileIncrementalPlan(node.elseClause, parts);
      return (conditions) => (conditions.get(node.condition) ? met : unmet)(conditions);
    }
    case 'Defer': {
      const first = compileIncrementalPlan(node.primary.node, parts);
      const fetched = node.deferred.map((each) => new Set(fetchIds(each.node)));
      const later = node.deferred.map(({ label = '', depends, node: below }, place) => ({
        label,
        after: fetched.flatMap((ids, i) => (i !== place && depends.some(({ id }) => ids.has(id)) ? [i] : [])),
        plan: compileIncrementalPlan(below, parts),
      }));
      return (conditions) => {
        const { step, later: inner } = first(conditions);
        return { step, later: [...later, ...inner.map((each) => ({ ...each, after: each.after.map((i) => i + later.length) }))] };
      };
    }
    default: {
      const step = node ? compilePlan(node, parts) : nothing;
      return () => ({ step, later: [] });
    }
  }
}

function fetchIds(node: PlanNode | undefined): string[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'Fetch':
      return node.id === undefined ? [] : [node.id];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchIds);
    case 'Flatten':
      return fetchIds(node.node);
    case 'Condition':
      return [...fetchIds(node.ifClause), ...fetchIds(node.elseClause)];
    case 'Defer':
      return [node.primary.node, ...node.deferred.map((each) => each.node)].flatMap(fetchIds);
    default:
      throw new Error(`Unknown node of a plan: ${JSON.stringify(node satisfies never)}`);
  }
}

/** The labels of everything that a plan defers under some condition. */
export function plannedLabels(node: PlanNode | undefined): string[] {
  switch (node?.kind) {
    case 'Condition':
      return [...plannedLabels(node.ifClause), ...plannedLabels(node.elseClause)];
    case 'Defer':
      return [
        ...plannedLabels(node.primary.node),
        ...node.deferred.flatMap(({ label, node: below }) => [label ?? '', ...plannedLabels(below)]),
      ];
    default:
      return [];
  }
}

export interface LaterPartShape {
  project: PartProjection;
  /** Where its objects are in the data; `... on` says of which type. Without a word for lists. The planner's own path knows one type only. */
  path: readonly string[];
  /** The client's. */
  label: string | undefined;
}

export interface LaterShape {
  /** By our labels. */
  parts: ReadonlyMap<string, LaterPartShape>;
  responseName: ((key: string | number) => string | number) | null;
  isOfType(typeName: unknown, condition: string): boolean;
}

/**
 * Fetches what was deferred, and hands out each part as soon as it is there. `shown` is what the client has by now. Parts of objects that it
 * has not (null, or lost with something that may not be null) are left out. Ends with `hasNext: false`.
 */
export function followLater<C>(
  later: readonly LaterPart<C>[],
  run: Run<C>,
  shown: JsonObject,
  shape: LaterShape,
): AsyncIterableIterator<SubsequentResult> {
  const ready: IncrementalPart[] = [];
  let isDone = false;
  let wake = Promise.withResolvers<void>();
  const emit = (parts: readonly IncrementalPart[]) => {
    for (const { path, data } of parts) if (data) mergeAt(shown, path, data);
    ready.push(...parts);
    wake.resolve();
  };
  void runAll(later, run, (part, faults) => emit(partsOf(part, faults, run.root, shown, shape))).finally(() => {
    isDone = true;
    wake.resolve();
  });
  return (async function* () {
    for (;;) {
      await wake.promise;
      wake = Promise.withResolvers();
      if (isDone) wake.resolve();
      const incremental = ready.splice(0);
      if (incremental.length > 0) yield { incremental, hasNext: !isDone || ready.length > 0 };
      if (isDone && ready.length === 0) {
        if (incremental.length === 0) yield { hasNext: false };
        return;
      }
    }
  })();
}

async function runAll<C>(
  later: readonly LaterPart<C>[],
  run: Run<C>,
  done: (part: LaterPart<C>, faults: readonly Fault[]) => void,
): Promise<void> {
  const running = new Map<number, Promise<void>>();
  const start = (place: number): Promise<void> => {
    const started = running.get(place) ?? runOne(place);
    running.set(place, started);
    return started;
  };
  const runOne = async (place: number): Promise<void> => {
    const part = later[place];
    if (!part) return;
    await Promise.all(part.after.map(start));
    const own = { ...run, faults: [] };
    const { step, later: inner } = part.plan(run.conditions);
    await step(own, rootOf(own));
    done(part, own.faults);
    await runAll(inner, run, done);
  };
  await Promise.all(later.map((_, place) => start(place)));
}

/** One part for each of its objects that the client knows. A fault that is at none of them is told with the first. */
function partsOf<C>(
  { label: key }: LaterPart<C>,
  planned: readonly Fault[],
  root: JsonObject,
  shown: JsonObject,
  { parts, responseName, isOfType }: LaterShape,
): IncrementalPart[] {
  const part = parts.get(key);
  if (!part) return [];
  const faults = responseName ? planned.map((fault) => faultAsNamed(fault, responseName)) : planned;
  const places = objectsAt(root, part.path, isOfType)
    .map(({ object, path }) => ({ object, path: responseName ? path.map(responseName) : path }))
    .filter(({ path }) => isObject(valueAt(shown, path)));
  const isElsewhere = ({ error }: Fault) => !places.some(({ path }) => isBelow(error.path, path));
  return places.flatMap(({ object, path }, i) => {
    const own = faults.filter((fault) => isBelow(fault.error.path, path) || (i === 0 && isElsewhere(fault)));
    const errors = own.map(({ error }) => error);
    const data = part.project(object, path, faults, errors);
    // The object is of another type.
    if (data && errors.length === 0 && Object.keys(data).length === 0) return [];
    return [{ path, data, ...(errors.length > 0 && { errors }), ...(part.label !== undefined && { label: part.label }) }];
  });
}

function objectsAt(
  root: JsonObject,
  partPath: readonly string[],
  isOfType: LaterShape['isOfType'],
): { object: JsonObject; path: ResponsePath }[] {
  const found: { object: JsonObject; path: ResponsePath }[] = [];
  const walk = (value: unknown, at: number, path: ResponsePath): void => {
    if (Array.isArray(value)) return value.forEach((element, i) => walk(element, at, [...path, i]));
    if (!isObject(value)) return;
    const element = partPath[at];
    if (element === undefined) return void found.push({ object: value, path });
    const [, condition] = /^\.\.\. on (\w+)$/.exec(element) ?? [];
    if (condition === undefined) walk(own(value, element), at + 1, [...path, element]);
    else if (isOfType(value['__typename'], condition)) walk(value, at + 1, path);
  };
  walk(root, 0, []);
  return found;
}

function valueAt(root: JsonObject, path: ResponsePath): unknown {
  return path.reduce((value: unknown, key) => {
    if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
    return isObject(value) ? own(value, String(key)) : undefined;
  }, root);
}

function mergeAt(shown: JsonObject, path: ResponsePath, data: JsonObject): void {
  const target = valueAt(shown, path);
  if (isObject(target)) mergeInto(target, data, true);
}

function isBelow(path: ResponsePath | undefined, above: ResponsePath): boolean {
  return path !== undefined && above.every((key, i) => path[i] === key);
}
