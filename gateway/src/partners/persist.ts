import { getOperationAST, GraphQLError, Kind, parse, print, visit, type DefinitionNode, type FragmentDefinitionNode } from 'graphql';
import { hashOf, printManifest, type PersistedOperation } from './manifest.js';

export interface SourceFile {
  file: string;
  text: string;
}

export type Persisted = { kind: 'persisted'; text: string; operations: number } | { kind: 'faulty'; faults: readonly string[] };

type NamedOperation = PersistedOperation & { name: string };

interface Definition {
  file: string;
  node: DefinitionNode;
}

/**
 * The manifest of the operations in some files, each with the fragments that it needs, wherever they stand. Nothing is added to them. The
 * same for the same operations, however they are laid out. Does not look at a schema.
 */
export function persist(files: readonly SourceFile[]): Persisted {
  const faults: string[] = [];
  const definitions = files.flatMap(({ file, text }) => definitionsOf(file, text, faults));
  const fragments = named(definitions, 'fragment', faults);
  const operations = [...named(definitions, 'operation', faults)].flatMap(([name, definition]) =>
    operationOf(name, definition, fragments, faults),
  );
  if (operations.length === 0 && faults.length === 0) faults.push('There is no operation to persist.');
  if (faults.length > 0) return { kind: 'faulty', faults };
  return { kind: 'persisted', text: printManifest(operations), operations: operations.length };
}

function definitionsOf(file: string, text: string, faults: string[]): Definition[] {
  try {
    return parse(text, { noLocation: true }).definitions.map((node) => ({ file, node }));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    faults.push(`${file}:${error.locations?.[0]?.line ?? 1}: ${error.message}`);
    return [];
  }
}

/** By name, in the order of names; names are one namespace over all files. */
function named(definitions: readonly Definition[], kind: 'fragment' | 'operation', faults: string[]): Map<string, Definition> {
  const found = new Map<string, Definition>();
  const wanted = kind === 'fragment' ? Kind.FRAGMENT_DEFINITION : Kind.OPERATION_DEFINITION;
  for (const definition of definitions) {
    const { node, file } = definition;
    if (node.kind !== wanted) continue;
    const name = node.name?.value;
    const other = name === undefined ? undefined : found.get(name);
    if (name === undefined) faults.push(`${file}: an operation has no name`);
    else if (other) faults.push(`${file}: the ${kind} ${name} is in ${other.file} too`);
    else found.set(name, definition);
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function operationOf(
  name: string,
  { file, node }: Definition,
  fragments: ReadonlyMap<string, Definition>,
  faults: string[],
): NamedOperation[] {
  const needed = new Map<string, FragmentDefinitionNode>();
  const missing = collect(node, fragments, needed);
  faults.push(...missing.map((fragment) => `${file}: ${name} needs the fragment ${fragment}, which is nowhere`));
  const sorted = [...needed].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, fragment]) => fragment);
  const document = { kind: Kind.DOCUMENT as const, definitions: [node, ...sorted] };
  const operation = getOperationAST(document);
  if (!operation || missing.length > 0) return [];
  const body = print(document);
  return [{ id: hashOf(body), name, type: operation.operation, body }];
}

/** Adds what is spread, and what that spreads; returns the names of what there is not. */
function collect(node: DefinitionNode, fragments: ReadonlyMap<string, Definition>, into: Map<string, FragmentDefinitionNode>): string[] {
  const missing: string[] = [];
  visit(node, {
    FragmentSpread: ({ name: { value } }) => {
      const found = fragments.get(value)?.node;
      if (found?.kind !== Kind.FRAGMENT_DEFINITION) missing.push(value);
      else if (!into.has(value)) {
        into.set(value, found);
        missing.push(...collect(found, fragments, into));
      }
    },
  });
  return missing;
}
