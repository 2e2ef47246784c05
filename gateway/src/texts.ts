import { visit, type DocumentNode, type StringValueNode } from 'graphql';

/** Where in the variables the first text stands that fails the test, e.g. `input.lines[0].sku`; null when none does. Names count as texts. */
export function findText(variables: unknown, test: (text: string) => boolean): string | null {
  return pathTo(variables, test)?.replace(/^\./, '') ?? null;
}

/** Put together only when something was found: nearly always nothing is. */
function pathTo(value: unknown, test: (text: string) => boolean): string | null {
  if (typeof value === 'string') return test(value) ? '' : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, entry] of Object.entries(value)) {
    if (test(name)) return '';
    const below = pathTo(entry, test);
    if (below !== null) return `${Array.isArray(value) ? `[${name}]` : `.${name}`}${below}`;
  }
  return null;
}

/** The first literal that meets the test; what is found is remembered by the document. */
export function literalFinder(test: (text: string) => boolean): (document: DocumentNode) => StringValueNode | null {
  const known = new WeakMap<DocumentNode, StringValueNode | null>();
  return (document) => {
    let found = known.get(document);
    if (found === undefined) known.set(document, (found = find(document, test)));
    return found;
  };
}

function find(document: DocumentNode, test: (text: string) => boolean): StringValueNode | null {
  const met: StringValueNode[] = [];
  visit(document, { StringValue: (node) => void (test(node.value) && met.push(node)) });
  return met[0] ?? null;
}
