import type { SubgraphAnswer, SubgraphError, SubgraphFetcher, SubgraphRequest } from './subgraph-fetcher.js';

export interface EntityBatchOptions {
  /** Representations of one call; what is more is asked for in calls beside it. */
  max: number;
  /** Of one fetch, all its calls together. Throws when they are too many. */
  judge?(representations: number): void;
}

/** A fetch of many entities as several calls, and their answers as one: a subgraph never gets more at a time than it takes. */
export function inEntityBatches<C>(fetcher: SubgraphFetcher<C>, { max, judge }: EntityBatchOptions): SubgraphFetcher<C> {
  return {
    execute: (request, context, signal) => {
      const count = request.entities ?? entitiesOf(request).length;
      if (count === 0) return fetcher.execute(request, context, signal);
      try {
        judge?.(count);
      } catch (error) {
        return Promise.reject(error);
      }
      if (count <= max) return fetcher.execute(request, context, signal);
      const representations = entitiesOf(request);
      const calls = batchesOf(representations, max).map((batch) => fetcher.execute(withBatch(request, batch), context, signal));
      return Promise.all(calls).then((answers) => joined(answers, max));
    },
    subscribe: (request, context, signal) => fetcher.subscribe(request, context, signal),
  };
}

function entitiesOf({ variables }: SubgraphRequest): readonly unknown[] {
  const representations = variables['representations'];
  return Array.isArray(representations) ? representations : [];
}

function batchesOf(representations: readonly unknown[], max: number): unknown[][] {
  const batches: unknown[][] = [];
  for (let start = 0; start < representations.length; start += max) batches.push(representations.slice(start, start + max));
  return batches;
}

function withBatch(request: SubgraphRequest, batch: unknown[]): SubgraphRequest {
  const { query, operationName, variables } = request;
  return { query, operationName, variables: { ...variables, representations: batch } };
}

/** A call without data leaves nulls in its places. */
function joined(answers: readonly SubgraphAnswer[], max: number): SubgraphAnswer {
  const entities = answers.flatMap(({ data }, nth): readonly unknown[] => {
    const answered: unknown = data?.['_entities'];
    const isLast = nth === answers.length - 1;
    return isList(answered) ? answered : isLast ? [] : Array.from({ length: max }, () => null);
  });
  const errors = answers.flatMap(({ errors: own = [] }, nth) => own.map((error) => moved(error, nth * max)));
  return { data: { _entities: entities }, ...(errors.length > 0 && { errors }) };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function moved(error: SubgraphError, by: number): SubgraphError {
  const [root, index, ...below] = error.path ?? [];
  if (root !== '_entities' || typeof index !== 'number') return error;
  const { message, extensions } = error;
  return { message, path: [root, index + by, ...below], ...(extensions && { extensions }) };
}
