import { GraphQLError } from 'graphql';
import { maskError } from '@shop/platform/error-masking';
import type { Logger } from '@shop/platform/logger';

/** An error as a client may see it. */
export type MaskError = (error: GraphQLError) => GraphQLError;

/** Tells what is public, and of everything else an id that the log knows. */
export function maskWithLog(logger: Logger): MaskError {
  const format = maskError(logger);
  return (error) => {
    const { message, path, extensions } = format(error.toJSON(), error);
    return new GraphQLError(message, {
      nodes: error.nodes ?? null,
      source: error.source ?? null,
      positions: error.positions ?? null,
      ...(path && { path }),
      ...(extensions && { extensions }),
    });
  };
}
