import { GraphQLError, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AuthorizationRules, Check } from './authorization-rules.js';
import { authorizeOperation, denialText, holds, type Claims, type Denial, type OperationAuthorization } from './authorization.js';
import type { DenialText } from './collect-fields.js';
import { operationOf, prepareOperation, type PlanningParts, type PreparedOperation } from './prepared-operation.js';

/** `filter`: what is denied is null, with an error. `reject`: nothing of the operation runs. `dry-run`: everything runs, and it is told. */
export const authorizationModes = ['filter', 'reject', 'dry-run'] as const;
export type AuthorizationMode = (typeof authorizationModes)[number];

/** How `@authenticated`, `@requiresScopes` and `@policy` are decided. */
export interface AuthorizationOptions<C> {
  mode: AuthorizationMode;
  claims(context: C): Claims;
  /** Those of the policies that hold. None does when left out. Asked for operations that depend on policies only. */
  policies?(names: readonly string[], context: C): Iterable<string> | Promise<Iterable<string>>;
  /** What a client is told; names the coordinate and says UNAUTHORIZED_FIELD_OR_TYPE when left out. Depends on the denial alone. */
  textOf?(denial: Denial): DenialText;
  /** Hears of every operation that asks for more than it may. */
  denied?(denials: readonly Denial[], context: C): void;
}

/** An operation that may run, or what to say instead. */
export type Admission<C> = { kind: 'admitted'; prepared: PreparedOperation<C>; failed: readonly Check[] } | Refused;
interface Refused {
  kind: 'refused';
  errors: readonly GraphQLError[];
}

export interface PlanRequest {
  document: DocumentNode;
  operationName: string | undefined;
}

export interface PlanCache<C> {
  /**
   * The operation as this context may have it, planned and compiled; `also` fails whatever the context says. A promise only where
   * policies decide. Throws a GraphQLError when there is no such operation, and whatever the planner throws.
   */
  admit(request: PlanRequest, context: C, also?: readonly Check[]): Admission<C> | Promise<Admission<C>>;
  /** Plans and compiles the operation as somebody may have it who may have everything. Throws what the planner throws. */
  warm(request: PlanRequest): void;
  /** The operations that were asked for most, first the most. */
  mostUsed(count: number): PlanRequest[];
  counts(): PlanCounts;
}

/** Since the start. */
export interface PlanCounts {
  hits: number;
  misses: number;
  /** How many documents are kept. */
  size: number;
}

interface Known<C> {
  operation: OperationDefinitionNode;
  authorization: OperationAuthorization;
  policies: readonly string[];
  whole: PreparedOperation<C> | null;
  /** By what fails. */
  restricted: LRUCache<string, Restricted<C>>;
  uses: number;
}

interface Restricted<C> {
  denials: readonly Denial[];
  admission: Admission<C>;
}

export interface PlanCacheOptions<C> {
  parts: PlanningParts<C>;
  rules: AuthorizationRules;
  authorization: AuthorizationOptions<C> | undefined;
  /** Documents; the least recently used goes first. */
  maxPlans: number;
}

/** How many forms of one operation are kept for people who may have different parts of it. */
const FORMS = 16;

/** Plans by the document's identity, the operation's name, and what of it is denied: never by who asks. */
export function planCache<C>({ parts, rules, authorization, maxPlans }: PlanCacheOptions<C>): PlanCache<C> {
  const documents = new LRUCache<DocumentNode, Map<string, Known<C>>>({ max: maxPlans });
  let hits = 0;
  let misses = 0;

  const knownOf = ({ document, operationName }: PlanRequest): Known<C> => {
    const byName = documents.get(document);
    const known = byName?.get(operationName ?? '');
    if (known) return known;
    const made = look(document, operationName, parts, authorization ? rules : null);
    documents.set(document, (byName ?? new Map<string, Known<C>>()).set(operationName ?? '', made));
    return made;
  };
  const wholeOf = (known: Known<C>, { document, operationName }: PlanRequest): PreparedOperation<C> => {
    if (known.whole) hits++;
    else misses++;
    return (known.whole ??= prepareOperation(document, operationName, parts));
  };
  const restrictedOf = (known: Known<C>, { operationName }: PlanRequest, failed: ReadonlySet<Check>, { isAuthenticated }: Claims) => {
    const key = `${known.authorization.checks.map((check) => (failed.has(check) ? 1 : 0)).join('')}${isAuthenticated ? 'a' : ''}`;
    const remembered = known.restricted.get(key);
    if (remembered) hits++;
    else misses++;
    const made = remembered ?? restrict(known, operationName, failed, isAuthenticated, parts, authorization);
    known.restricted.set(key, made);
    return made;
  };
  const decide = (
    known: Known<C>,
    request: PlanRequest,
    { mode, claims, denied }: AuthorizationOptions<C>,
    context: C,
    policies: ReadonlySet<string>,
    also: readonly Check[],
  ): Admission<C> => {
    const claimed = claims(context);
    const failed = known.authorization.checks.filter((check) => also.includes(check) || !holds(check, claimed, policies));
    if (failed.length === 0) return { kind: 'admitted', prepared: wholeOf(known, request), failed };
    const { denials, admission } = restrictedOf(known, request, new Set(failed), claimed);
    denied?.(denials, context);
    return mode === 'dry-run' ? { kind: 'admitted', prepared: wholeOf(known, request), failed: [] } : admission;
  };
  return {
    admit: (request, context, also = []) => {
      const known = knownOf(request);
      known.uses++;
      if (!authorization || known.authorization.checks.length === 0)
        return { kind: 'admitted', prepared: wholeOf(known, request), failed: [] };
      if (known.policies.length === 0) return decide(known, request, authorization, context, new Set(), also);
      return holding(authorization, known.policies, context).then((policies) =>
        decide(known, request, authorization, context, policies, also),
      );
    },
    warm: (request) => {
      const known = knownOf(request);
      known.whole ??= prepareOperation(request.document, request.operationName, parts);
    },
    mostUsed: (count) =>
      [...documents.entries()]
        .flatMap(([document, byName]) => [...byName].map(([name, { uses }]) => ({ document, operationName: name || undefined, uses })))
        .toSorted((a, b) => b.uses - a.uses)
        .slice(0, count)
        .map(({ document, operationName }) => ({ document, operationName })),
    counts: () => ({ hits, misses, size: documents.size }),
  };
}

function look<C>(
  document: DocumentNode,
  operationName: string | undefined,
  { apiSchema }: PlanningParts<C>,
  rules: AuthorizationRules | null,
): Known<C> {
  const operation = operationOf(document, operationName);
  const rootType = apiSchema.getRootType(operation.operation)?.name ?? '';
  const authorization = rules ? authorizeOperation(document, operation, rootType, rules) : everybody;
  const policies = new Set(authorization.checks.flatMap(({ kind, anyOf }) => (kind === 'policy' ? anyOf.flat() : [])));
  return { operation, authorization, policies: [...policies], whole: null, restricted: new LRUCache({ max: FORMS }), uses: 0 };
}

const everybody: OperationAuthorization = {
  checks: [],
  restrict: () => {
    throw new Error('Nothing is demanded of this operation.');
  },
};

async function holding<C>({ policies }: AuthorizationOptions<C>, names: readonly string[], context: C): Promise<ReadonlySet<string>> {
  return new Set(policies ? await policies(names, context) : []);
}

function restrict<C>(
  { operation, authorization }: Known<C>,
  operationName: string | undefined,
  failed: ReadonlySet<Check>,
  isAuthenticated: boolean,
  parts: PlanningParts<C>,
  options: AuthorizationOptions<C> | undefined,
): Restricted<C> {
  const { shown, planned, denied } = authorization.restrict(failed, isAuthenticated);
  const denials = [...denied.values()];
  const textOf = options?.textOf ?? denialText;
  const isNothingLeft = operation.operation === 'subscription' && denials.some(({ path }) => path.length === 1);
  if (options?.mode === 'dry-run') return { denials, admission: { kind: 'refused', errors: [] } };
  if (options?.mode === 'reject' || isNothingLeft)
    return { denials, admission: { kind: 'refused', errors: denials.map((denial) => refusal(denial, textOf(denial))) } };
  const texts = new Map([...denied].map(([node, denial]) => [node, textOf(denial)]));
  const prepared = prepareOperation(shown, operationName, parts, { planned, denied: texts });
  return { denials, admission: { kind: 'admitted', prepared, failed: [...failed] } };
}

function refusal({ path }: Denial, { message, code }: DenialText): GraphQLError {
  return new GraphQLError(message, { path, extensions: { code } });
}
