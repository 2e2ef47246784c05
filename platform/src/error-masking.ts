import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { unwrapResolverError } from '@apollo/server/errors';
import { PUBLIC_ERROR_CODES } from './graphql-errors.js';
import { newId } from './ids.js';
import type { Logger } from './logger.js';

/**
 * What a client may see of an error. Errors with a public code pass with their message; everything else is a bug or an outage: it is
 * logged under an id and only the id is told.
 */
export function maskError(logger: Logger): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const code = formatted.extensions?.['code'];
    if (typeof code === 'string' && PUBLIC_ERROR_CODES.has(code))
      return shape(formatted, formatted.message, { code, ...publicDetails(formatted) });
    const outage = outageCode(unwrapResolverError(error));
    const errorId = newId();
    logger.error({ err: unwrapResolverError(error), errorId, code: outage ?? 'INTERNAL_SERVER_ERROR' }, 'request failed');
    if (outage) return shape(formatted, 'A store is unavailable at the moment.', { code: outage, errorId });
    return shape(formatted, 'Something went wrong here.', { code: 'INTERNAL_SERVER_ERROR', errorId });
  };
}

function shape({ locations, path }: GraphQLFormattedError, message: string, extensions: Record<string, unknown>): GraphQLFormattedError {
  return { message, ...(locations && { locations }), ...(path && { path }), extensions };
}

function publicDetails(formatted: GraphQLFormattedError): Record<string, unknown> {
  const { errorId, retryAfterSeconds } = formatted.extensions ?? {};
  return { ...(typeof errorId === 'string' && { errorId }), ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }) };
}

/** A database that cannot be reached, or has no connection free, is an outage and not a bug. */
function outageCode(error: unknown): string | null {
  for (let current = error; current instanceof Error && !(current instanceof GraphQLError); current = current.cause) {
    if (/timeout exceeded when trying to connect/i.test(current.message)) return 'POOL_TIMEOUT';
    if (/ECONNREFUSED|ECONNRESET|Connection terminated|terminating connection|the database system is/i.test(current.message))
      return 'SERVICE_UNAVAILABLE';
  }
  return null;
}
