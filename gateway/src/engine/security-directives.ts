import { Kind, visit, type ConstDirectiveNode, type DirectiveNode, type DocumentNode, type ValueNode } from 'graphql';

/** The features of federation that say who may ask for what. */
const securityFeatures = ['authenticated', 'requiresScopes', 'policy'] as const;
export type SecurityFeature = (typeof securityFeatures)[number];

/** What each security directive is called in a supergraph, which may have renamed it. */
export function securityNames(supergraph: DocumentNode): ReadonlyMap<string, SecurityFeature> {
  const names = new Map<string, SecurityFeature>(securityFeatures.map((feature) => [feature, feature]));
  for (const link of linksOf(supergraph)) {
    const feature = featureOf(link);
    if (!feature) continue;
    const namesake = textOf(argument(link, 'as'));
    if (namesake) names.set(namesake, feature);
    for (const renamed of importedAs(link)) names.set(renamed, feature);
  }
  return names;
}

/** The supergraph without the security features: their links, definitions, applications and helper scalars. The rest stays as it is. */
export function strippedOfSecurity(supergraph: DocumentNode): DocumentNode {
  const names = securityNames(supergraph);
  const isSecurity = (name: string) => names.has(name) || names.has(name.split('__')[0] ?? '');
  return visit(supergraph, {
    DirectiveDefinition: (node) => (isSecurity(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (node.name.value.includes('__') && isSecurity(node.name.value) ? null : undefined),
    Directive: (node) => (isSecurity(node.name.value) || (node.name.value === 'link' && featureOf(node)) ? null : undefined),
  });
}

function linksOf({ definitions }: DocumentNode): readonly ConstDirectiveNode[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).filter(({ name }) => name.value === 'link')
      : [],
  );
}

function featureOf(link: DirectiveNode): SecurityFeature | undefined {
  const url = textOf(argument(link, 'url')) ?? '';
  return securityFeatures.find((feature) => new RegExp(`/${feature}(/|$)`).test(url));
}

function importedAs(link: DirectiveNode): string[] {
  const imports = argument(link, 'import');
  if (imports?.kind !== Kind.LIST) return [];
  return imports.values.flatMap((value) => {
    const renamed = value.kind === Kind.OBJECT ? textOf(value.fields.find(({ name }) => name.value === 'as')?.value) : textOf(value);
    return renamed?.startsWith('@') ? [renamed.slice(1)] : [];
  });
}

export function argument({ arguments: given = [] }: DirectiveNode, name: string): ValueNode | undefined {
  return given.find((each) => each.name.value === name)?.value;
}

export function textOf(value: ValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}
