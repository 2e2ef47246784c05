import { parse, print } from 'graphql';
import { strippedOfSecurity } from './engine/security-directives.js';

/** The supergraph without `@authenticated`, `@requiresScopes` and `@policy`, which Apollo's JavaScript planner refuses to load. */
export function withoutSecurityDirectives(supergraphSdl: string): string {
  return print(strippedOfSecurity(parse(supergraphSdl)));
}
