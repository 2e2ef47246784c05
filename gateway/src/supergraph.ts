import { Kind, parse, print } from 'graphql';
import { argument, strippedOfSecurity, textOf } from './engine/security-directives.js';

/** The supergraph without `@authenticated`, `@requiresScopes` and `@policy`, which Apollo's JavaScript planner refuses to load. */
export function withoutSecurityDirectives(supergraphSdl: string): string {
  return print(strippedOfSecurity(parse(supergraphSdl)));
}

/** The subgraphs that a supergraph is made of. Throws when it is no GraphQL. */
function subgraphNames(supergraphSdl: string): string[] {
  const graphs = parse(supergraphSdl).definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (graphs.values ?? []).flatMap(({ directives = [] }) =>
    directives.flatMap((directive) => (directive.name.value === 'join__graph' ? (textOf(argument(directive, 'name')) ?? []) : [])),
  );
}

/** Throws when a subgraph cannot be reached. */
export function refuseUnknownSubgraphs(supergraphSdl: string, known: ReadonlyMap<string, unknown>): void {
  const unknown = subgraphNames(supergraphSdl).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`Nobody said how these subgraphs are reached: ${unknown.join(', ')}.`);
}
