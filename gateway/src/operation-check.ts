import {
  GraphQLError,
  NoFragmentCyclesRule,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '@shop/platform/viewer';
import { cacheLifetime, type CacheLifetime } from './cache-lifetime.js';
import { refuseCardNumbers } from './card-number.js';
import { defaultLimitFacts, type GatewayConfig } from './config.js';
import { introspectionGuard, introspectionRules } from './introspection-access.js';
import type { LoadShedding } from './load-shedding.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { boundOf, excessOf, type Excess } from './limits/limits.js';
import { costTable } from './limits/cost-table.js';
import { operationCost, type OperationCost, type Variables } from './limits/operation-cost.js';
import { operationLimits } from './limits/operation-limits.js';
import { ENDLESS, shapeExcesses } from './limits/operation-shape.js';
import { refusal, type OperationExcess } from './limits/refusal.js';
import type { Afford } from './partners/partner-gate.js';
import type { StreamOf } from './partners/partner-streams.js';
import { refuseUnstorableTexts } from './unstorable-text.js';

export type CheckedDocument = { kind: 'valid'; document: DocumentNode } | { kind: 'refused'; errors: readonly GraphQLError[] };

/** What every operation has to pass, through whichever door it comes, before anything of it runs. */
export interface OperationCheck {
  /** Parses and validates; the newest 1,000 texts are remembered. */
  document(text: string): CheckedDocument;
  /**
   * Of a valid document: too much load, a schema that is not for this viewer, limits that depend on variables, card numbers, and texts that
   * nobody can keep. Null when the operation may run.
   */
  operation(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables, viewer: Viewer): GraphQLError | null;
  /** Of a valid document, in points. */
  cost: OperationCost;
  /** Of a valid document: for how many seconds everybody may keep its answer, by the schema. */
  sharedSeconds: CacheLifetime;
  /** Whether whoever asks can pay for an operation that may run. Left out: nobody pays. */
  afford?: Afford;
  /** How whoever asks pays for a subscription that may run. Left out: nobody pays. */
  streamOf?: StreamOf;
}

type Remembered = CheckedDocument & { excesses: readonly Excess[] };

/** An attack brings hundreds of faults, and nobody reads them. */
const TOLD_ERRORS = 10;

export function operationCheck(
  schema: GraphQLSchema,
  config: Pick<GatewayConfig, 'limits' | 'limitFacts' | 'introspection' | 'supergraphSdl'>,
  watch: LimitWatch,
  shedding: Pick<LoadShedding, 'refusal'>,
): OperationCheck {
  const { limits, introspection, supergraphSdl, limitFacts = defaultLimitFacts } = config;
  const access = introspection === true ? 'everyone' : introspection === false ? 'off' : introspection;
  const rules = [...specifiedRules, SingleFieldSubscriptionsRule, ...introspectionRules(access)];
  const introspectionRefusal = introspectionGuard(access);
  const known = new LRUCache<string, Remembered>({ max: 1_000 });
  const cost = operationCost(schema, costTable(supergraphSdl));
  const limited = operationLimits(schema, cost, limits, limitFacts);

  const check = (text: string): Remembered => {
    try {
      const document = parse(text, { maxTokens: boundOf(limits.tokens, Infinity) });
      const excesses = shapeExcesses(document, limits);
      const enforced = excesses.filter(({ limit }) => limits[limit].mode === 'enforce');
      const errors =
        enforced.length > 0 ? shapeErrors(schema, document, enforced) : validate(schema, document, rules, { maxErrors: TOLD_ERRORS });
      const all = [...excesses, ...excessOf('tokens', limits.tokens, () => tokensOf(document))];
      if (errors.length > 0) return { kind: 'refused', errors: errors.slice(0, TOLD_ERRORS).map(told), excesses: all };
      return { kind: 'valid', document, excesses: all };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (!TOO_LONG.test(error.message)) return { kind: 'refused', errors: [parseError(error)], excesses: [] };
      const { max } = limits.tokens;
      const excess = { limit: 'tokens', measured: max + 1, max } as const;
      return { kind: 'refused', errors: [refusal(excess)], excesses: [excess] };
    }
  };
  return {
    document: (text) => {
      const checked = known.get(text) ?? check(text);
      known.set(text, checked);
      for (const excess of checked.excesses) watch.refuses(excess);
      return checked;
    },
    operation: (document, operation, variables, viewer) => {
      const turnedAway = shedding.refusal(operation) ?? introspectionRefusal(document, viewer);
      if (turnedAway) return turnedAway;
      const refused = limited(document, operation, variables).filter((excess) => watch.refuses(excess));
      const [first] = refused;
      return first ? refusal(first) : (refuseUnstorableTexts(document, variables) ?? refuseCardNumbers(document, variables));
    },
    cost,
    sharedSeconds: cacheLifetime(schema, supergraphSdl),
  };
}

/** A fragment inside itself is endless in every respect; that is said instead of a number. */
function shapeErrors(schema: GraphQLSchema, document: DocumentNode, excesses: readonly OperationExcess[]): readonly GraphQLError[] {
  const cycles = excesses.some(({ measured }) => measured >= ENDLESS) ? validate(schema, document, [NoFragmentCyclesRule]) : [];
  return cycles.length > 0 ? cycles : excesses.map(refusal);
}

/** As graphql-js says it, with and without its slip of the pen. */
const TOO_LONG = /^Syntax Error: Document contains more tha[tn] \d+ tokens/;

function tokensOf({ loc }: DocumentNode): number {
  let count = 0;
  for (let token = loc?.startToken.next; token && token !== loc?.endToken; token = token.next) if (token.kind !== 'Comment') count++;
  return count;
}

function parseError(error: GraphQLError): GraphQLError {
  return told(
    new GraphQLError(error.message, { source: error.source, positions: error.positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } }),
  );
}

/** "Did you mean …" would tell the schema to those who may not ask for it. */
function told(error: GraphQLError): GraphQLError {
  const { code = 'GRAPHQL_VALIDATION_FAILED', http } = error.extensions;
  return new GraphQLError(error.message.replace(/ ?Did you mean(.+?)\?$/, ''), {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code, ...(http ? { http } : {}) },
  });
}
