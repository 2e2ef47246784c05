import { GraphQLError } from 'graphql';
import type { ResponsePath } from './places.js';
import type { SubgraphError } from './subgraph-fetcher.js';

/** An error of a response, and the parts of the response that it explains. */
export interface Fault {
  error: GraphQLError;
  covers: readonly ResponsePath[];
}

/** A subgraph's error at a path of the response. Its extensions are kept; a code is added when it has none. */
export function subgraphFault(
  failure: SubgraphError,
  subgraph: string,
  path: ResponsePath | undefined,
  covers: readonly ResponsePath[],
): Fault {
  const error = new GraphQLError(failure.message || `${subgraph} answered with an error.`, {
    ...(path && { path }),
    ...(failure instanceof Error && { originalError: failure }),
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...failure.extensions, serviceName: subgraph },
  });
  return { error, covers };
}

/** A fetch that came to no answer, at the one place that it was for. */
export function outageFault(thrown: unknown, subgraph: string, path: ResponsePath | undefined, covers: readonly ResponsePath[]): Fault {
  const cause = thrown instanceof Error ? thrown : new Error(`${subgraph} could not be asked.`, { cause: thrown });
  const extensions = cause instanceof GraphQLError ? cause.extensions : { code: 'DOWNSTREAM_SERVICE_ERROR' };
  const error = new GraphQLError(cause.message, { ...(path && { path }), originalError: cause, extensions });
  return { error, covers };
}

/** The same fault where the response calls things otherwise than the plan. */
export function faultAsNamed({ error, covers }: Fault, name: (key: string | number) => string | number): Fault {
  const { message, path, originalError, extensions } = error;
  const named = new GraphQLError(message, { ...(path && { path: path.map(name) }), ...(originalError && { originalError }), extensions });
  return { error: named, covers: covers.map((each) => each.map(name)) };
}

/** Whether a null at a path is explained already: by an error at it, above it, or below it. */
export function coverage(faults: readonly Fault[]): (path: ResponsePath) => boolean {
  if (faults.length === 0) return () => false;
  const covered = new Set<string>();
  const above = new Set<string>();
  for (const path of faults.flatMap(({ covers }) => covers)) {
    covered.add(path.join('/'));
    for (let end = 0; end < path.length; end++) above.add(path.slice(0, end).join('/'));
  }
  return (path) => above.has(path.join('/')) || path.some((_, i) => covered.has(path.slice(0, i + 1).join('/'))) || covered.has('');
}
