import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, subscribe, type ExecutionResult, type FormattedExecutionResult, type GraphQLSchema } from 'graphql';
import { documentCache } from './document-cache.js';
import { envelopeVerifier, type EnvelopeClaims } from './envelope.js';
import { maskError } from './error-masking.js';
import { eventStream } from './event-stream.js';
import { badUserInput, unauthenticated } from './graphql-errors.js';
import { GRAPHQL_PATH, type GraphQLBody } from './graphql-body.js';
import { withDeadline } from './lifecycle.js';
import type { Logger } from './logger.js';
import { MAX_REPRESENTATIONS } from './reference.js';
import type { RequestContext } from './request-context.js';

export interface SubgraphOperationsOptions<C extends RequestContext> {
  schema: GraphQLSchema;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: readonly string[];
  /** Adds what the resolvers of this subgraph need. */
  context(request: RequestContext): C;
  logger: Logger;
}

/** What a subgraph answers, however it is reached; nothing without a valid envelope. `bodyText` is what the envelope's hash was taken of. */
export interface SubgraphOperations {
  /** Runs a query or mutation. Throws UNAUTHENTICATED without a valid envelope. */
  execute(body: GraphQLBody, bodyText: string, envelope: string | undefined, signal?: AbortSignal): Promise<FormattedExecutionResult>;
  /**
   * Runs a subscription until `signal` fires; an `ExecutionResult` instead of a stream says why it did not start. Throws UNAUTHENTICATED
   * without a valid envelope.
   */
  subscribe(
    body: GraphQLBody,
    bodyText: string,
    envelope: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}

/** For callers that never leave; the deadline of the envelope still counts. */
const never = new AbortController().signal;

/** Faults that nobody is meant to see are masked and logged. */
export async function openSubgraphOperations<C extends RequestContext>(
  options: SubgraphOperationsOptions<C>,
): Promise<SubgraphOperations & AsyncDisposable> {
  const { schema, logger } = options;
  const mask = maskError(logger);
  const documents = documentCache(schema, 1_000);
  const verify = envelopeVerifier(options.envelopeSecrets);
  const apollo = apolloServer<C>(schema, mask, logger);
  await apollo.start();

  const authenticate = (envelope: string | undefined, bodyText: string): EnvelopeClaims => {
    const verdict = verify(envelope, { method: 'POST', path: GRAPHQL_PATH, body: bodyText }, Date.now());
    if (verdict.kind === 'valid') return verdict.claims;
    logger.warn({ reason: verdict.reason }, 'envelope refused');
    throw unauthenticated();
  };
  const contextOf = ({ deadlineAtMs: _deadline, ...claims }: EnvelopeClaims, signal: AbortSignal): C =>
    options.context({ ...claims, signal });
  const execute: SubgraphOperations['execute'] = async (body, bodyText, envelope, caller = never) => {
    const claims = authenticate(envelope, bodyText);
    using deadline = withDeadline(caller, Math.max(0, claims.deadlineAtMs - Date.now()));
    const representations = body.variables?.['representations'];
    if (Array.isArray(representations) && representations.length > MAX_REPRESENTATIONS)
      throw badUserInput(`At most ${MAX_REPRESENTATIONS} entities at a time.`);
    const { body: answer } = await apollo.executeOperation(
      {
        query: body.query,
        ...(body.variables && { variables: body.variables }),
        ...(body.operationName && { operationName: body.operationName }),
      },
      { contextValue: contextOf(claims, deadline.signal) },
    );
    if (answer.kind === 'single') return answer.singleResult;
    throw new Error('Incremental delivery is not offered.');
  };
  const subscribeTo: SubgraphOperations['subscribe'] = async (body, bodyText, envelope, signal) => {
    const claims = authenticate(envelope, bodyText);
    const document = documents.get(body.query);
    if (document.kind === 'invalid') return { errors: document.errors };
    const stopping = new AbortController();
    const source = await subscribe({
      schema,
      document: document.document,
      variableValues: body.variables ?? null,
      operationName: body.operationName ?? null,
      contextValue: contextOf(claims, AbortSignal.any([signal, stopping.signal])),
    });
    if (!(Symbol.asyncIterator in source)) return masked(source, mask);
    const failed = (err: unknown) => logger.error({ err }, 'the source of a subscription failed');
    return eventStream(source, { map: (event) => masked(event, mask), failed, stopping });
  };
  return { execute, subscribe: subscribeTo, [Symbol.asyncDispose]: () => apollo.stop() };
}

/** Without its own doors: requests come and go as this platform has them. */
function apolloServer<C extends RequestContext>(
  schema: GraphQLSchema,
  mask: ReturnType<typeof maskError>,
  logger: Logger,
): ApolloServer<C> {
  return new ApolloServer<C>({
    schema,
    introspection: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    formatError: mask,
    logger: { debug: () => undefined, info: () => undefined, warn: (m) => logger.warn(m), error: (m) => logger.error(m) },
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

function masked(result: ExecutionResult, mask: ReturnType<typeof maskError>): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => toError(mask(error.toJSON(), error))) };
}

function toError({ message, path, extensions }: ReturnType<ReturnType<typeof maskError>>): GraphQLError {
  return new GraphQLError(message, { ...(path && { path: [...path] }), ...(extensions && { extensions }) });
}
