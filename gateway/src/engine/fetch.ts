import type { FetchNode } from '@apollo/query-planner';
import { Kind, parse } from 'graphql';
import { compileContextArguments } from './context-arguments.js';
import { outageFault, subgraphFault, type Fault } from './faults.js';
import { isObject, isSame, mergeInto, own, put, type JsonObject } from './json.js';
import { commonPath, responsePaths, type Places, type ResponsePath } from './places.js';
import { compileBatch, type Batch } from './representations.js';
import { compileRewrites, renamedKeys } from './rewrites.js';
import type { SubgraphAnswer, SubgraphFetcher, SubgraphRequest } from './subgraph-fetcher.js';
import type { TypeConditions } from './type-conditions.js';

/** One execution of a plan. */
export interface Run<C> {
  /** What the subgraphs answered so far; the projection reads it. */
  root: JsonObject;
  /** As the client sent them. */
  variables: Readonly<Record<string, unknown>>;
  /** The values of the variables that decide `@skip` and `@include`. */
  conditions: ReadonlyMap<string, boolean>;
  faults: Fault[];
  context: C;
  signal: AbortSignal;
  /** What was asked already by another way (`splice/`): it is not asked again. */
  told: Map<FetchNode, Told>;
}

export interface Told {
  request: SubgraphRequest;
  answer: Promise<SubgraphAnswer>;
}

/** A compiled node of a plan: asks subgraphs and merges what they answer into the response at these places. Never rejects. */
export type Step<C> = (run: Run<C>, places: Places) => Promise<void>;

export interface FetchParts<C> {
  fetchers: ReadonlyMap<string, SubgraphFetcher<C>>;
  conditions: TypeConditions;
  /** Hears of every batch of entities: at how many places of the response they lie, and how many are asked for. */
  onBatch?(places: number, representations: number): void;
}

/** Throws when there is no fetcher for the subgraph, or the fetch needs what this engine does not do. */
export function compileFetch<C>(node: FetchNode, parts: FetchParts<C>): Step<C> {
  const step = node.requires ? compileEntityFetch(node, parts) : compileRootFetch(node, parts);
  return node.contextRewrites?.length ? withContextArguments(step, node, node.contextRewrites, parts) : step;
}

/** One fetch for each set of values of the arguments that come from further up in the response. */
function withContextArguments<C>(
  step: Step<C>,
  { serviceName }: FetchNode,
  rewrites: NonNullable<FetchNode['contextRewrites']>,
  { conditions }: FetchParts<C>,
): Step<C> {
  const groupsOf = compileContextArguments(rewrites, conditions);
  return async (run, { path, objects }) => {
    const groups = groupsOf(run.root, { path, objects });
    await Promise.all(
      groups.map(async (group) => {
        if (!group.isIncomplete)
          return step({ ...run, variables: { ...run.variables, ...group.arguments } }, { path, objects: group.objects });
        const place = commonPath(pathsOfEach(group.objects, responsePaths(run.root, path)));
        run.faults.push(outageFault(new Error('What an argument is taken from is not known.'), serviceName, place, [place]));
      }),
    );
  };
}

/** Merges the answer of a fetch, or an event of a subscription, that has nothing to do with entities. */
export type Take<C> = (answer: SubgraphAnswer, run: Run<C>, places: Places, shared: boolean) => void;

export function compileTake<C>(node: FetchNode, { conditions }: Pick<FetchParts<C>, 'conditions'>): Take<C> {
  const rewrite = compileRewrites(node.outputRewrites, conditions);
  const renamed = renamedKeys(node.outputRewrites);
  const fields = rootFields(node);
  return ({ data, errors }, run, places, shared) => {
    for (const error of errors ?? []) {
      const paths = pathsOf(run, places);
      const below = error.path?.map((key) => renamed.get(String(key)) ?? key);
      if (!below) run.faults.push(subgraphFault(error, node.serviceName, undefined, coveredBy(paths, fields)));
      else for (const path of paths) run.faults.push(located(error, node.serviceName, [...path, ...below]));
    }
    if (!isObject(data)) return;
    rewrite?.(data);
    places.objects.forEach((object, i) => mergeInto(object, data, shared || i > 0));
  };
}

function compileRootFetch<C>(node: FetchNode, parts: FetchParts<C>): Step<C> {
  const ask = compileAsk(node, parts);
  const take = compileTake(node, parts);
  const fields = rootFields(node);
  return async (run, places) => {
    if (places.objects.length === 0) return;
    try {
      take(await ask(run, null), run, places, false);
    } catch (thrown) {
      const covered = coveredBy(pathsOf(run, places), fields);
      run.faults.push(outageFault(thrown, node.serviceName, pathOf(covered), covered));
    }
  };
}

function compileEntityFetch<C>(node: FetchNode, parts: FetchParts<C>): Step<C> {
  const ask = compileAsk(node, parts);
  const batchOf = compileBatch(node.requires ?? [], compileRewrites(node.inputRewrites, parts.conditions), parts.conditions);
  const rewrite = compileRewrites(node.outputRewrites, parts.conditions);
  const renamed = renamedKeys(node.outputRewrites);
  return async (run, places) => {
    const batch = batchOf(places.objects);
    if (!run.told.has(node)) parts.onBatch?.(places.objects.length, batch.representations.length);
    if (batch.representations.length === 0) return;
    try {
      const { data, errors } = await ask(run, batch.representations);
      if (errors?.length)
        run.faults.push(...entityFaults({ errors }, node.serviceName, batch, renamed, responsePaths(run.root, places.path)));
      if (!isObject(data)) return;
      const entities = own(data, '_entities');
      if (!Array.isArray(entities) || entities.length !== batch.representations.length) {
        if (errors?.length) return;
        throw new Error(`${node.serviceName} answered ${batch.representations.length} representations with something else`);
      }
      entities.forEach((entity: unknown, i) => {
        if (!isObject(entity)) return;
        rewrite?.(entity);
        batch.waiting[i]?.forEach((object, nth) => {
          const type = object['__typename'];
          mergeInto(object, entity, nth > 0);
          if (isLessExact(entity['__typename'], type, parts.conditions)) object['__typename'] = type;
        });
      });
    } catch (thrown) {
      const place = commonPath(waitingPaths(batch, responsePaths(run.root, places.path)));
      run.faults.push(outageFault(thrown, node.serviceName, place, [place]));
    }
  };
}

/** A subgraph that knows an interface as an object says the interface's name of things whose type is known by now. */
function isLessExact(answered: unknown, known: unknown, conditions: TypeConditions): boolean {
  return answered !== known && typeof answered === 'string' && typeof known === 'string' && conditions(answered).has(known);
}

/** An error of an entity is an error at every place that waits for it. */
function entityFaults(
  { errors = [] }: SubgraphAnswer,
  subgraph: string,
  batch: Batch,
  renamed: ReadonlyMap<string, string>,
  paths: ReadonlyMap<JsonObject, ResponsePath>,
): Fault[] {
  return errors.flatMap((error) => {
    const [, index, ...below] = error.path ?? [];
    const waiting = typeof index === 'number' ? batch.waiting[index] : undefined;
    if (!waiting) return [located(error, subgraph, commonPath(waitingPaths(batch, paths)))];
    const inEntity = below.map((key) => renamed.get(String(key)) ?? key);
    const places = pathsOfEach(waiting, paths);
    return (places.length > 0 ? places.map((path) => [...path, ...inEntity]) : [commonPath([...paths.values()])]).map((path) =>
      located(error, subgraph, path),
    );
  });
}

function located(error: Parameters<typeof subgraphFault>[0], subgraph: string, path: ResponsePath): Fault {
  return subgraphFault(error, subgraph, path, [path]);
}

function waitingPaths({ waiting }: Batch, paths: ReadonlyMap<JsonObject, ResponsePath>): ResponsePath[] {
  return pathsOfEach(waiting.flat(), paths);
}

/** An object that an answer to another fetch has replaced has no path any more. */
function pathsOfEach(objects: readonly JsonObject[], paths: ReadonlyMap<JsonObject, ResponsePath>): ResponsePath[] {
  return objects.flatMap((object) => {
    const path = paths.get(object);
    return path ? [path] : [];
  });
}

function pathsOf<C>({ root }: Run<C>, { path }: Places): ResponsePath[] {
  return path.length === 0 ? [[]] : [...responsePaths(root, path).values()];
}

function coveredBy(paths: readonly ResponsePath[], fields: readonly string[]): ResponsePath[] {
  return paths.flatMap((path) => fields.map((field) => [...path, field]));
}

/** Several fields of the root have no common place. */
function pathOf(covered: readonly ResponsePath[]): ResponsePath | undefined {
  const path = commonPath(covered);
  return path.length > 0 ? path : undefined;
}

/** Sends a fetch with those of the client's variables that it uses, unless it was sent already. */
function compileAsk<C>(
  node: FetchNode,
  { fetchers }: FetchParts<C>,
): (run: Run<C>, representations: JsonObject[] | null) => Promise<SubgraphAnswer> {
  const fetcher = fetchers.get(node.serviceName);
  if (!fetcher) throw new Error(`There is no subgraph ${node.serviceName} to ask.`);
  return (run, representations) => {
    const request = requestOf(node, run.variables);
    if (representations) request.variables['representations'] = representations;
    const told = run.told.get(node);
    if (told && isSame(told.request.variables, request.variables)) return told.answer;
    return fetcher.execute(request, run.context, run.signal);
  };
}

/** A fetch as its subgraph gets it, without representations. */
export function requestOf(node: FetchNode, variables: Readonly<Record<string, unknown>>): SubgraphRequest {
  const used: JsonObject = {};
  for (const name of node.variableUsages ?? []) {
    const value = own(variables, name);
    if (value !== undefined) put(used, name, value);
  }
  return { query: node.operation, variables: used, operationName: node.operationName };
}

/** The response names that a fetch of root fields answers. */
function rootFields(node: FetchNode): string[] {
  const [operation] = parse(node.operation).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.alias?.value ?? selection.name.value] : [],
  );
}
