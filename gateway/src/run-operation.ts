import { getOperationAST, GraphQLError, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import type { ClientRequest } from './client-request.js';
import type { ClientOperation, Engine } from './engine.js';
import type { IncrementalResult } from './engine/graph-engine.js';
import type { LivePlanned } from './engine/live/live-plan.js';
import type { OperationParams } from './http/request-form.js';
import type { OperationCheck } from './operation-check.js';
import { mergedHeaders } from './partners/partner-budget.js';
import type { PartnerStream } from './partners/partner-streams.js';
import type { ResolveDocument } from './resolve-document.js';

/** An operation that may run. */
export interface AllowedOperation extends ClientOperation {
  type: OperationDefinitionNode['operation'];
  /** For how many seconds everybody may keep the answer that nobody in particular gets; 0: nobody may. */
  sharedSeconds: number;
  /** What the client is told beside the answer, over HTTP. */
  headers: Readonly<Record<string, string>>;
  /** What its events are paid by; null: they are free. */
  stream: PartnerStream | null;
}

export type JudgedOperation = { kind: 'allowed'; operation: AllowedOperation } | { kind: 'refused'; errors: readonly GraphQLError[] };

export interface JudgeParts {
  resolveDocument: ResolveDocument;
  check: OperationCheck;
}

/** What every operation passes through before anything of it runs, whichever door it came through. */
export async function judgeOperation(
  params: OperationParams,
  request: ClientRequest,
  { resolveDocument, check }: JudgeParts,
): Promise<JudgedOperation> {
  const resolved = await resolveDocument(params, request);
  if (resolved.kind === 'refused') return resolved;
  const checked = check.document(resolved.text);
  if (checked.kind === 'refused') return checked;
  const { operationName, variables } = params;
  const node = getOperationAST(checked.document, operationName);
  if (!node) return { kind: 'refused', errors: [noSuchOperation()] };
  const refused = check.operation(checked.document, node, variables, request.viewer);
  if (refused) return { kind: 'refused', errors: [refused] };
  const { isRegistered = false, headers = {} } = resolved;
  let estimate: number | undefined;
  const points = () => (estimate ??= check.cost(checked.document, node, variables));
  const paying = check.afford?.(request, points, isRegistered);
  const paid = paying ? await paying : null;
  if (paid?.kind === 'refused') return { kind: 'refused', errors: [paid.error] };
  const operation = {
    stream: (node.operation === 'subscription' && check.streamOf?.(params, request, points)) || null,
    document: checked.document,
    operationName,
    variables,
    type: node.operation,
    sharedSeconds: isRegistered ? check.sharedSeconds(checked.document, node) : 0,
    headers: paid ? mergedHeaders(headers, paid.headers) : headers,
  };
  return { kind: 'allowed', operation };
}

/** Runs a query or a mutation. Never rejects: what nobody foresaw is an error of the result. */
export async function runOperation(operation: ClientOperation, request: ClientRequest, engine: Engine): Promise<ExecutionResult> {
  try {
    return await engine.execute(operation, request);
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
}

/** The same for a client that takes deferred parts later. */
export async function runIncrementally(operation: ClientOperation, request: ClientRequest, engine: Engine): Promise<IncrementalResult> {
  try {
    return await engine.executeIncrementally(operation, request);
  } catch (error) {
    return { kind: 'whole', result: { errors: [asGraphQLError(error)] } };
  }
}

/** Plans a subscription. Never rejects. */
export async function planSubscription(
  operation: ClientOperation,
  request: ClientRequest,
  engine: Engine,
): Promise<LivePlanned<ClientRequest>> {
  try {
    return await engine.planLive(operation, request);
  } catch (error) {
    return { kind: 'refused', errors: [asGraphQLError(error)] };
  }
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('', {
    originalError: error instanceof Error ? error : new Error(String(error)),
    extensions: { http: { status: 500 } },
  });
}

function noSuchOperation(): GraphQLError {
  return new GraphQLError('Which operation? The document holds none of that name, or several.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });
}
