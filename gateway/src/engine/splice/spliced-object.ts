import type { Cursor } from './cursor.js';
import type { Representation } from './representation.js';

/** A part of the response: its text, or that of which its text is put together. */
export type Tree = string | SplicedObject | readonly Tree[];

/** An object of the response that several subgraphs answer, or that holds such objects. */
export class SplicedObject {
  readonly layout: Layout;
  /** By the layout's cells, and after those what other subgraphs are told of it; undefined until it was answered. */
  readonly cells: (Tree | undefined)[];

  constructor(layout: Layout) {
    this.layout = layout;
    this.cells = layout.blank.slice();
  }
}

/** What the text of an object consists of, worked out once. */
export interface Layout {
  /** What stands before each cell: a brace or a comma, and the key unless the cell is a run of whole fields. */
  prefixes: readonly string[];
  /** Cells that are the same in each object. */
  blank: readonly (string | undefined)[];
  /** Which cell holds a field that is an object, or a list of them. */
  cellOf: ReadonlyMap<string, number>;
  /** What a fetch answers for such an object, by the number of the fetch. */
  answers: (ObjectAnswer | undefined)[];
  /** How a fetch asks for such an object, by the number of the fetch. */
  representations: (Representation | undefined)[];
}

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

/** The objects at this path below a tree; what is null on the way is left out. */
export function objectsAt(tree: Tree | undefined, path: readonly string[], at = 0, found: SplicedObject[] = []): SplicedObject[] {
  if (tree === undefined || typeof tree === 'string') return found;
  if (isList(tree)) {
    for (const element of tree) objectsAt(element, path, at, found);
    return found;
  }
  const key = path[at];
  if (key === undefined) {
    found.push(tree);
    return found;
  }
  const cell = tree.layout.cellOf.get(key);
  return cell === undefined ? found : objectsAt(tree.cells[cell], path, at + 1, found);
}

/** The JSON text; null when something of it was not answered. */
export function textOf(tree: Tree): string | null {
  const written = { text: '' };
  return addText(tree, written) ? written.text : null;
}

interface Written {
  text: string;
}

function addText(tree: Tree | undefined, written: Written): boolean {
  if (tree === undefined) return false;
  if (typeof tree !== 'string') return isList(tree) ? addList(tree, written) : addObject(tree, written);
  written.text += tree;
  return true;
}

function addList(trees: readonly Tree[], written: Written): boolean {
  written.text += '[';
  for (let i = 0; i < trees.length; i++) {
    if (i > 0) written.text += ',';
    if (!addText(trees[i], written)) return false;
  }
  written.text += ']';
  return true;
}

function addObject({ layout: { prefixes }, cells }: SplicedObject, written: Written): boolean {
  if (prefixes.length === 0) written.text += '{';
  for (let i = 0; i < prefixes.length; i++) {
    written.text += prefixes[i] ?? '';
    if (!addText(cells[i], written)) return false;
  }
  written.text += '}';
  return true;
}

function isList(tree: SplicedObject | readonly Tree[]): tree is readonly Tree[] {
  return Array.isArray(tree);
}
