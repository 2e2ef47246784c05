import { getOperationAST, Kind, parse, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { defaultLimits } from '../limits/limits.js';
import { authorizeOperation, holds } from '../engine/authorization.js';
import { authorizationRules, type AuthorizationRules } from '../engine/authorization-rules.js';
import { costTable } from '../limits/cost-table.js';
import { operationCost, type OperationCost, type Variables } from '../limits/operation-cost.js';
import { operationCheck, type CheckedDocument } from '../operation-check.js';
import type { Manifest, PersistedOperation } from './manifest.js';
import type { PartnerTerms } from './partner-terms.js';

/** Judges registered operations before they are deployed; each fault is a sentence that begins with the operation. */
export interface ManifestCheck {
  /** By the schema and by what was agreed with the partner. */
  ofPartner(manifest: Manifest, terms: PartnerTerms): string[];
  /** By the schema alone: who uses our own clients decides what they may see. */
  ofClient(manifest: Manifest): string[];
}

/** The longest page that there is: a variable may ask for it. */
const LONGEST_PAGE = defaultLimits.listValues.max;

interface Judge {
  schema: GraphQLSchema;
  document(text: string): CheckedDocument;
  cost: OperationCost;
  rules: AuthorizationRules;
}

/** `schema` is what clients see of the supergraph. */
export function manifestCheck(schema: GraphQLSchema, supergraphSdl: string): ManifestCheck {
  const config = { limits: defaultLimits, introspection: false, supergraphSdl };
  const { document } = operationCheck(schema, config, { refuses: () => true, counts: () => [] }, { refusal: () => null });
  const judge: Judge = {
    schema,
    document,
    cost: operationCost(schema, costTable(supergraphSdl)),
    rules: authorizationRules(parse(supergraphSdl)),
  };
  return {
    ofPartner: (manifest, terms) =>
      faultsOf(manifest, judge, (document, node) => [
        ...scopeFaults(document, node, terms, judge),
        ...costFaults(document, node, terms, judge),
      ]),
    ofClient: (manifest) => faultsOf(manifest, judge, () => []),
  };
}

type FurtherFaults = (document: DocumentNode, node: OperationDefinitionNode) => string[];

function faultsOf({ byId }: Manifest, judge: Judge, further: FurtherFaults): string[] {
  return [...byId.values()].flatMap((operation) => {
    const title = `${operation.name ?? 'an operation'} (${operation.id.slice(0, 8)}…)`;
    return operationFaults(operation, judge, further).map((fault) => `${title} ${fault}`);
  });
}

function operationFaults({ body, name, type }: PersistedOperation, judge: Judge, further: FurtherFaults): string[] {
  const checked = judge.document(body);
  if (checked.kind === 'refused') return checked.errors.map(({ message }) => `is not valid: ${message}`);
  const node = getOperationAST(checked.document);
  if (!node) return ['holds several operations; each has a document of its own'];
  if (name !== null && node.name?.value !== name) return [`is named ${node.name?.value ?? 'nothing'} in its body`];
  if (type !== null && node.operation !== type) return [`is a ${node.operation}, and not a ${type}`];
  return further(checked.document, node);
}

function scopeFaults(document: DocumentNode, node: OperationDefinitionNode, { scopes }: PartnerTerms, { schema, rules }: Judge): string[] {
  const root = schema.getRootType(node.operation);
  if (!root) return [];
  const { checks, restrict } = authorizeOperation(document, node, root.name, rules);
  const failed = new Set(checks.filter((check) => !holds(check, { isAuthenticated: true, scopes }, new Set())));
  if (failed.size === 0) return [];
  return [...restrict(failed, true).denied.values()].map(({ coordinate, failed: reasons }) => {
    const needed = reasons.flatMap(({ kind, anyOf }) => (anyOf.length > 0 ? anyOf.map((all) => all.join(' and ')) : [kind]));
    return `asks for ${coordinate}, which needs ${needed.join(' or ')}; the partner has ${scopes.join(', ') || 'no scope'}`;
  });
}

function costFaults(document: DocumentNode, node: OperationDefinitionNode, terms: PartnerTerms, { cost }: Judge): string[] {
  const points = cost(document, node, largestPages(node));
  const ceiling = Math.min(terms.costCeiling, terms.costPerMinute);
  if (points <= ceiling) return [];
  const worst = (node.variableDefinitions ?? []).length > 0 ? ` with pages of ${LONGEST_PAGE}` : '';
  return [`may cost ${points} points${worst}; ${ceiling} are allowed`];
}

/** Whatever number a variable may be: nobody promises to send a smaller one. */
function largestPages({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  const numbers = variableDefinitions.filter(({ type }) => {
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    return named.kind === Kind.NAMED_TYPE && named.name.value === 'Int';
  });
  return Object.fromEntries(numbers.map(({ variable }) => [variable.name.value, LONGEST_PAGE]));
}
