import { GraphQLError, OperationTypeNode, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AuthorizationRules, Check } from './authorization-rules.js';
import { authorizeOperation, denialText, holds, type Claims, type Denial, type OperationAuthorization } from './authorization.js';
import type { DenialText } from './collect-fields.js';
import { labelDeferred, type DeferLabels } from './deferred-document.js';
import type { Overrides } from './override-labels.js';
import { PLANNER_BUSY } from './planner-thread.js';
import { operationOf, type Preparation } from './prepared-operation.js';

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
export type Admission<P> = { kind: 'admitted'; prepared: P; failed: readonly Check[] } | Refused;
interface Refused {
  kind: 'refused';
  errors: readonly GraphQLError[];
}

export interface PlanRequest {
  document: DocumentNode;
  operationName: string | undefined;
  /** Whether parts may be answered later. */
  isIncremental?: boolean;
}

/** `P` is what becomes of an operation: whatever executes plans says. */
export interface PlanCache<C, P> {
  /**
   * The operation as this context may have it, planned and compiled; `also` fails whatever the context says. A promise only where
   * policies decide, or it must be planned first. Throws a GraphQLError when there is no such operation, and whatever the planner throws; that an
   * operation cannot be planned is remembered.
   */
  admit(request: PlanRequest, context: C, also?: readonly Check[]): Admission<P> | Promise<Admission<P>>;
  /** Plans and compiles the operation as somebody may have it who may have everything. Rejects with what the planner throws. */
  warm(request: PlanRequest): Promise<void>;
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

interface Known<P> {
  /** As it is judged and prepared: where parts may be answered later, with their labels. */
  document: DocumentNode;
  labels: DeferLabels | null;
  operation: OperationDefinitionNode;
  authorization: OperationAuthorization;
  policies: readonly string[];
  overrides: Overrides;
  whole: Prepared<P> | null;
  /** By what fails. */
  restricted: LRUCache<string, Restricted<P>>;
  uses: number;
}

interface Restricted<P> {
  denials: readonly Denial[];
  refusal: Refused | null;
  prepared: Prepared<P> | null;
}

/** A promise while it is planned, and when that has failed. */
type Prepared<P> = P | Promise<P>;

export interface PlanCacheOptions<C, P> {
  /** Plans what an operation asks; throws, or rejects, with what the planner throws. */
  prepare(preparation: Preparation): Prepared<P>;
  /** What clients see. */
  apiSchema: GraphQLSchema;
  rules: AuthorizationRules;
  authorization: AuthorizationOptions<C> | undefined;
  /** How labels of `@override` are for this context; for nobody in particular when there is none. */
  overridesOf(context: C | null): Overrides;
  /** Whose share of the planner's time a new operation takes; everybody's alike when left out. */
  askerOf?(context: C): string;
  /** Documents; the least recently used goes first. */
  maxPlans: number;
}

/** How many forms of one operation are kept for people who may have different parts of it. */
const FORMS = 16;

/** Plans by the document's identity, the operation's name, and what of it is denied: never by who asks. */
export function planCache<C, P extends object>(options: PlanCacheOptions<C, P>): PlanCache<C, P> {
  const { prepare, authorization, overridesOf, askerOf, maxPlans } = options;
  const documents = new LRUCache<DocumentNode, Map<string, Known<P>>>({ max: maxPlans });
  let hits = 0;
  let misses = 0;

  const knownOf = ({ document, operationName, isIncremental }: PlanRequest, context: C | null): Known<P> => {
    const overrides = overridesOf(context);
    const key = `${operationName ?? ''}${SEPARATOR}${overrides.key}${isIncremental ? '+' : ''}`;
    const byName = documents.get(document);
    const known = byName?.get(key);
    if (known) return known;
    const made = look({ document, operationName, isIncremental: isIncremental === true }, overrides, options);
    documents.set(document, (byName ?? new Map<string, Known<P>>()).set(key, made));
    return made;
  };
  const ownShare = (context: C | null): Pick<Preparation, 'asker'> => (askerOf && context !== null ? { asker: askerOf(context) } : {});
  const wholeOf = (known: Known<P>, request: PlanRequest, context: C | null): Prepared<P> => {
    if (known.whole) {
      hits++;
      return known.whole;
    }
    misses++;
    const { document, labels, overrides } = known;
    const { operationName } = request;
    const preparation = { document, operationName, overrides: overrides.values, ...(labels && { labels }), ...ownShare(context) };
    return kept(prepare(preparation), (prepared) => void (known.whole = prepared));
  };
  const restrictedOf = (known: Known<P>, request: PlanRequest, failed: ReadonlySet<Check>, claimed: Claims, context: C): Restricted<P> => {
    const { isAuthenticated } = claimed;
    const key = `${known.authorization.checks.map((check) => (failed.has(check) ? 1 : 0)).join('')}${isAuthenticated ? 'a' : ''}`;
    const remembered = known.restricted.get(key);
    if (remembered) hits++;
    else misses++;
    const made = remembered ?? restrict(known, request, failed, isAuthenticated, options, ownShare(context));
    known.restricted.set(key, made);
    if (!remembered && made.prepared)
      void kept(made.prepared, (prepared) => (prepared ? void (made.prepared = prepared) : void known.restricted.delete(key)));
    return made;
  };
  const decide = (
    known: Known<P>,
    request: PlanRequest,
    { mode, claims, denied }: AuthorizationOptions<C>,
    context: C,
    policies: ReadonlySet<string>,
    also: readonly Check[],
  ): Admission<P> | Promise<Admission<P>> => {
    const claimed = claims(context);
    const failed = known.authorization.checks.filter((check) => also.includes(check) || !holds(check, claimed, policies));
    if (failed.length === 0) return admitted(wholeOf(known, request, context), failed);
    const { denials, refusal, prepared } = restrictedOf(known, request, new Set(failed), claimed, context);
    denied?.(denials, context);
    if (mode === 'dry-run') return admitted(wholeOf(known, request, context), []);
    return refusal ?? admitted(prepared ?? wholeOf(known, request, context), failed);
  };
  return {
    admit: (request, context, also = []) => {
      const known = knownOf(request, context);
      known.uses++;
      if (!authorization || known.authorization.checks.length === 0) return admitted(wholeOf(known, request, context), []);
      if (known.policies.length === 0) return decide(known, request, authorization, context, new Set(), also);
      return holding(authorization, known.policies, context).then((policies) =>
        decide(known, request, authorization, context, policies, also),
      );
    },
    warm: async (request) => {
      await wholeOf(knownOf(request, null), request, null);
    },
    mostUsed: (count) =>
      [...documents.entries()]
        .flatMap(([document, byName]) =>
          [...byName].map(([key, { uses }]) => ({ document, operationName: key.split(SEPARATOR)[0] || undefined, uses })),
        )
        .toSorted((a, b) => b.uses - a.uses)
        .slice(0, count)
        .map(({ document, operationName }) => ({ document, operationName })),
    counts: () => ({ hits, misses, size: documents.size }),
  };
}

/** Between an operation's name and how it is planned. */
const SEPARATOR = ' ';

function admitted<P>(prepared: Prepared<P>, failed: readonly Check[]): Admission<P> | Promise<Admission<P>> {
  if (!(prepared instanceof Promise)) return { kind: 'admitted', prepared, failed };
  return prepared.then(
    (ready) => ({ kind: 'admitted', prepared: ready, failed }),
    (error: unknown) => {
      if (error instanceof GraphQLError) return { kind: 'refused', errors: [error] };
      throw error;
    },
  );
}

/** Keeps what is prepared once it is. A failure is kept too, but for one that is over when others have been planned. */
function kept<P>(prepared: Prepared<P>, keep: (prepared: Prepared<P> | null) => void): Prepared<P> {
  keep(prepared);
  if (prepared instanceof Promise)
    prepared.then(keep, (error: unknown) => {
      if (error instanceof GraphQLError && error.extensions['code'] === PLANNER_BUSY) keep(null);
    });
  return prepared;
}

function look<C, P extends object>(
  { document: asked, operationName, isIncremental = false }: PlanRequest,
  overrides: Overrides,
  { apiSchema, rules, authorization: isJudged }: PlanCacheOptions<C, P>,
): Known<P> {
  const mayDefer = isIncremental && operationOf(asked, operationName).operation === OperationTypeNode.QUERY;
  const labelled = mayDefer ? labelDeferred(asked, apiSchema) : null;
  const { document, labels } = labelled ?? { document: asked, labels: null };
  const operation = operationOf(document, operationName);
  const rootType = apiSchema.getRootType(operation.operation)?.name ?? '';
  const authorization = isJudged ? authorizeOperation(document, operation, rootType, rules) : everybody;
  const policies = new Set(authorization.checks.flatMap(({ kind, anyOf }) => (kind === 'policy' ? anyOf.flat() : [])));
  const restricted = new LRUCache<string, Restricted<P>>({ max: FORMS });
  return { document, labels, operation, authorization, policies: [...policies], overrides, whole: null, restricted, uses: 0 };
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

function restrict<C, P extends object>(
  { operation, labels, authorization, overrides }: Known<P>,
  { operationName }: PlanRequest,
  failed: ReadonlySet<Check>,
  isAuthenticated: boolean,
  { prepare, authorization: options }: PlanCacheOptions<C, P>,
  share: Pick<Preparation, 'asker'>,
): Restricted<P> {
  const { shown, planned, denied } = authorization.restrict(failed, isAuthenticated);
  const denials = [...denied.values()];
  const textOf = options?.textOf ?? denialText;
  const isNothingLeft = operation.operation === 'subscription' && denials.some(({ path }) => path.length === 1);
  if (options?.mode === 'dry-run') return { denials, refusal: null, prepared: null };
  if (options?.mode === 'reject' || isNothingLeft) {
    const errors = denials.map((denial) => errorOf(denial, textOf(denial)));
    return { denials, refusal: { kind: 'refused', errors }, prepared: null };
  }
  const texts = new Map([...denied].map(([node, denial]) => [node, textOf(denial)]));
  const restriction = { planned, denied: texts };
  const prepared = prepare({
    document: shown,
    operationName,
    overrides: overrides.values,
    restriction,
    ...(labels && { labels }),
    ...share,
  });
  return { denials, refusal: null, prepared };
}

function errorOf({ path }: Denial, { message, code }: DenialText): GraphQLError {
  return new GraphQLError(message, { path, extensions: { code } });
}
