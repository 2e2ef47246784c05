import { Kind, parse, type ConstDirectiveNode, type DefinitionNode, type FieldDefinitionNode } from 'graphql';

const NAME = 'cacheControl';

/** No GraphQL server looks at the URL; composition compares it between subgraphs. */
const definitions = parse(`
extend schema
  @link(url: "https://shop.example/specs/${NAME}/v1.0", import: ["@${NAME}"])
  @composeDirective(name: "@${NAME}")

"For how many seconds an answer may be kept: by everybody, or by its viewer alone. A field that says nothing may not be kept."
directive @${NAME}(maxAge: Int!, scope: ${NAME}__Scope! = PUBLIC) on FIELD_DEFINITION

enum ${NAME}__Scope { PUBLIC PRIVATE }
`).definitions;

/**
 * Lets `@Directive('@cacheControl(maxAge: 60)')` through composition. On a type it stands for every field of this subgraph that has none of
 * its own, and is printed so: what another subgraph adds to the type says nothing by that.
 */
export function withCacheHints(nodes: readonly DefinitionNode[]): readonly DefinitionNode[] {
  let isUsed = false;
  const told = nodes.map((node): DefinitionNode => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
    const { own, rest } = taken(node.directives);
    isUsed ||= own !== undefined || (node.fields ?? []).some(({ directives }) => taken(directives).own);
    return own ? { ...node, directives: rest, fields: (node.fields ?? []).map((field) => hinted(field, own)) } : node;
  });
  return isUsed ? [...definitions, ...told] : nodes;
}

function hinted(field: FieldDefinitionNode, hint: ConstDirectiveNode): FieldDefinitionNode {
  const { directives = [] } = field;
  const isForeign = directives.some(({ name }) => name.value === 'external');
  return isForeign || taken(directives).own ? field : { ...field, directives: [...directives, hint] };
}

function taken(directives: readonly ConstDirectiveNode[] = []): { own: ConstDirectiveNode | undefined; rest: ConstDirectiveNode[] } {
  return { own: directives.find(({ name }) => name.value === NAME), rest: directives.filter(({ name }) => name.value !== NAME) };
}
