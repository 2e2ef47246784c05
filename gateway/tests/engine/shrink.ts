import { Kind, print, parse, validate, visit, type ASTNode, type DocumentNode, type GraphQLSchema } from 'graphql';

/**
 * The smallest operation that still fails: selections, directives, arguments and fragments are left out one by one while the rest is valid
 * and `fails`. Such a text, that one node less makes right.
 */
export async function shrunk(text: string, schema: GraphQLSchema, fails: (text: string) => Promise<boolean>): Promise<string> {
  let document = parse(text);
  for (let place = 0; place < removable(document).length;) {
    const [node] = removable(document).slice(place);
    const smaller = node && without(document, node);
    if (smaller && validate(schema, smaller).length === 0 && (await fails(print(smaller)))) document = smaller;
    else place++;
  }
  const again = print(document);
  return again.length < text.length && again !== print(parse(text)) ? shrunk(again, schema, fails) : again;
}

/** Larger ones first. */
function removable(document: DocumentNode): ASTNode[] {
  const nodes: ASTNode[] = [];
  visit(document, {
    SelectionSet: ({ selections }) => {
      if (selections.length > 1) nodes.push(...selections);
    },
    InlineFragment: (node) => void nodes.push(node),
    Directive: (node) => void nodes.push(node),
    Argument: (node) => void nodes.push(node),
  });
  return [...new Set(nodes)];
}

/** Without the node, and without fragments and variables that nothing uses any more; null when nothing is left. */
function without(document: DocumentNode, node: ASTNode): DocumentNode | null {
  let isEmpty = false;
  const cut: DocumentNode = visit(document, {
    enter: (each) => (each === node ? null : undefined),
    SelectionSet: { leave: ({ selections }) => void (isEmpty ||= selections.length === 0) },
  });
  return isEmpty ? null : tidied(cut);
}

function tidied(document: DocumentNode): DocumentNode {
  const spread = new Set<string>();
  const used = new Set<string>();
  visit(document, { FragmentSpread: ({ name }) => void spread.add(name.value) });
  const definitions = document.definitions.filter((each) => each.kind !== Kind.FRAGMENT_DEFINITION || spread.has(each.name.value));
  const kept = { ...document, definitions };
  visit(kept, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) });
  const tidy: DocumentNode = visit(kept, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) });
  return definitions.length < document.definitions.length ? tidied(tidy) : tidy;
}
