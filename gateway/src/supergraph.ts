import { Kind, parse, print, visit, type DirectiveNode, type DocumentNode } from 'graphql';

/** Security features that Apollo's JavaScript planner refuses to load; they are enforced in the subgraphs' resolvers. */
const securityFeatures = ['authenticated', 'requiresScopes', 'policy'];

/**
 * The supergraph without `@authenticated`, `@requiresScopes` and `@policy`: their links, definitions, applications and helper scalars.
 * Everything else stays as it is.
 */
export function withoutSecurityDirectives(supergraphSdl: string): string {
  const isSecurity = (name: string) => securityFeatures.includes(name.split('__')[0] ?? '');
  const isSecurityLink = (node: DirectiveNode) =>
    node.name.value === 'link' &&
    node.arguments?.some(
      ({ name, value }) =>
        name.value === 'url' && value.kind === Kind.STRING && securityFeatures.some((feature) => value.value.includes(`/${feature}/`)),
    );
  const stripped: DocumentNode = visit(parse(supergraphSdl), {
    DirectiveDefinition: (node) => (isSecurity(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (isSecurity(node.name.value) ? null : undefined),
    Directive: (node) => (isSecurity(node.name.value) || isSecurityLink(node) ? null : undefined),
  });
  return print(stripped);
}
