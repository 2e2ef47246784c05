import type { Cursor } from './cursor.js';
import type { Representation } from './representation.js';

/** A part of the response: its text, or that of which its text is put together. */
export type Tree = string | SplicedObject | readonly Tree[];

/** An object of the response that several subgraphs answer, or that holds such objects. */
export class SplicedObject {
  readonly layout: Layout;
  /** As the layout has them; undefined until it was answered. */
  readonly cells: (Tree | undefined)[];

  constructor(layout: Layout) {
    this.layout = layout;
    this.cells = layout.blank.slice();
  }
}

/** What the text of an object consists of, worked out once. */
export interface Layout {
  /** What stands before each cell: braces, commas, keys. Null: clients are not shown it, it is there for other subgraphs. */
  prefixes: readonly (string | null)[];
  /** What stands behind the last one. */
  suffix: string;
  /** The cells of an object of which nothing was answered yet. */
  blank: readonly undefined[];
  places: Places;
  /** What a fetch answers for such an object, by the number of the fetch. */
  answers: (ObjectAnswer | undefined)[];
  /** How a fetch asks for such an object, by the number of the fetch. */
  representations: (Representation | undefined)[];
}

/** Which cell holds a field that is an object, or a list of them; of an object that has no cells of its own, where its fields are. */
export type Places = ReadonlyMap<string, number | Places>;

export interface ObjectAnswer {
  read: ReadObject;
  /** Those that it fills. */
  cells: readonly number[];
}

/** Moves behind the object; false when it does not look as expected. */
export type ReadObject = (cursor: Cursor, object: SplicedObject) => boolean;

/** For an object that is the same: what it was answered is shared. */
export function copyAnswer({ cells }: ObjectAnswer, from: SplicedObject, to: SplicedObject): void {
  for (const cell of cells) to.cells[cell] = from.cells[cell];
}

/** The objects at this path below a tree; what is null on the way is left out. For one without cells stands the one that has them. */
export function objectsAt(tree: Tree | undefined, path: readonly string[], from = 0, found: SplicedObject[] = []): SplicedObject[] {
  if (tree === undefined || typeof tree === 'string') return found;
  if (isList(tree)) {
    for (const element of tree) objectsAt(element, path, from, found);
    return found;
  }
  let { places } = tree.layout;
  for (let at = from; at < path.length; at++) {
    const place = places.get(path[at] ?? '');
    if (place === undefined) return found;
    if (typeof place === 'number') return objectsAt(tree.cells[place], path, at + 1, found);
    places = place;
  }
  found.push(tree);
  return found;
}

/** The JSON text; null when something of it was not answered. */
export function textOf(tree: Tree): string | null {
  if (typeof tree === 'string') return tree;
  return isList(tree) ? textOfList(tree) : textOfObject(tree);
}

function textOfList(trees: readonly Tree[]): string | null {
  let written = '[';
  for (let i = 0; i < trees.length; i++) {
    const text = textOf(trees[i] ?? '');
    if (text === null) return null;
    if (i > 0) written += ',';
    written += text;
  }
  return `${written}]`;
}

function textOfObject({ layout: { prefixes, suffix }, cells }: SplicedObject): string | null {
  let written = '';
  for (let i = 0; i < prefixes.length; i++) {
    const [prefix, cell] = [prefixes[i], cells[i]];
    if (typeof prefix !== 'string') continue;
    const text = cell === undefined ? null : textOf(cell);
    if (text === null) return null;
    written += prefix;
    written += text;
  }
  return written + suffix;
}

function isList(tree: SplicedObject | readonly Tree[]): tree is readonly Tree[] {
  return Array.isArray(tree);
}
