import { GraphQLError } from 'graphql';

/** The codes that a client may meet in `errors`. Anything else is masked as INTERNAL_SERVER_ERROR. */
export const PUBLIC_ERROR_CODES: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'TOO_MANY_REQUESTS',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
  'POOL_TIMEOUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_IN_LIST',
  'PERSISTED_QUERY_ID_REQUIRED',
  'QUERY_NOT_IN_SAFELIST',
  'CANNOT_SEND_PQ_ID_AND_BODY',
  'RATE_LIMITED',
  'BAD_REQUEST',
  'REQUEST_TOO_LARGE',
  'CARD_NUMBER_REFUSED',
  'COST_ESTIMATED_TOO_EXPENSIVE',
  'MAX_TOKENS_LIMIT',
  'MAX_DEPTH_LIMIT',
  'MAX_ALIASES_LIMIT',
  'MAX_ROOT_FIELDS_LIMIT',
  'MAX_DIRECTIVES_LIMIT',
  'MAX_REPEATS_LIMIT',
  'MAX_LIST_VALUES_LIMIT',
  'MAX_CREDENTIAL_MUTATIONS_LIMIT',
  'MAX_SUBSCRIPTIONS_LIMIT',
  'MAX_REPRESENTATIONS_LIMIT',
  'UNAUTHORIZED_FIELD_OR_TYPE',
  'SUBSCRIPTION_SCHEMA_RELOAD',
  'RESPONSE_TOO_LARGE',
  'SUBGRAPH_ANSWER_TOO_LARGE',
  'STREAM_INTERRUPTED',
  'SUBSCRIPTION_SOURCE_LOST',
]);

/** No credential, or none that is valid. */
export function unauthenticated(): GraphQLError {
  return new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
}

/** The viewer is known and lacks `scope`. */
export function forbidden(scope: string): GraphQLError {
  return new GraphQLError(`This needs the scope ${scope}.`, { extensions: { code: 'FORBIDDEN' } });
}

/** For arguments that no union can answer, e.g. `first: 1000`. */
export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** What is not there, or is somebody else's: the two are told alike. `what` begins the sentence. */
export function notFound(what: string): GraphQLError {
  return new GraphQLError(`${what} not found.`, { extensions: { code: 'NOT_FOUND' } });
}

/** A store or another subgraph cannot be reached; the same request may succeed later. */
export function serviceUnavailable(what: string): GraphQLError {
  return new GraphQLError(`${what} is unavailable at the moment.`, { extensions: { code: 'SERVICE_UNAVAILABLE' } });
}

/** Instead of an event, and as the last: the source of a subscription has failed, and may be asked again after the last event. */
export function streamInterrupted(): GraphQLError {
  return new GraphQLError('The events of this subscription were interrupted.', { extensions: { code: 'STREAM_INTERRUPTED' } });
}

/** A subgraph answered more than is read of it. */
export function answerTooLarge(bytes: number): GraphQLError {
  return new GraphQLError(`A part of the shop answered more than ${bytes} bytes.`, { extensions: { code: 'SUBGRAPH_ANSWER_TOO_LARGE' } });
}
