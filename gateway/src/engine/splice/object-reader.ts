import { keyPattern, type Pattern } from './json-patterns.js';
import { NotSpliceable } from './selections.js';
import { SplicedObject, type Cursor, type Layout, type ReadObject, type Tree } from './spliced-object.js';

/** Moves behind a value; null when it does not look as expected. */
export type ReadTree = (cursor: Cursor) => Tree | null;

/** An object that one regular expression can read together with the one that it lies in. */
export interface InnerObject {
  layout: Layout;
  fields: readonly ReadField[];
  isNullable: boolean;
}

/** A field of an object, in the order in which a subgraph answers it. */
export interface ReadField {
  name: string;
  /** The cell of the response that it belongs to; null: clients are not shown it. */
  cell: number | null;
  /** A whole value, which is shown as it is; whole fields that share a cell lie next to each other. Or a value that others add to. */
  value: Pattern | InnerObject | ReadTree;
  /** The cell for those that tell other subgraphs of it; null: none is told. */
  known: number | null;
}

/** Whether one regular expression can read all of these. */
export function isInOnePiece(fields: readonly ReadField[]): boolean {
  return fields.every(({ value }) => typeof value !== 'function');
}

/** What lies between two values that have readers of their own. */
interface Piece {
  source: string;
  groups: number;
  takes: Take[];
  /** Objects of which this is part: the one that is read, and those that lie in it. */
  objects: number;
}

/** Takes what was matched over into objects; null is one that is null. */
type Take = (match: RegExpExecArray, objects: (SplicedObject | null)[]) => void;

/** Reads an object: one regular expression for each piece of it. */
export function compileObjectReader(fields: readonly ReadField[]): ReadObject {
  const steps: ReadObject[] = [];
  let piece = emptyPiece();
  piece.source = String.raw`\{`;
  let rest = fields;
  for (;;) {
    const end = rest.findIndex(({ value }) => typeof value === 'function');
    const [before, at] = end < 0 ? [rest, undefined] : [rest.slice(0, end), rest[end]];
    addFields(piece, before, 0);
    if (typeof at?.value !== 'function') break;
    if (before.length > 0) piece.source += ',';
    piece.source += keyPattern(at.name);
    steps.push(pieceReader(piece), treeInto(at, at.value));
    piece = emptyPiece();
    rest = rest.slice(end + 1);
    if (rest.length > 0) piece.source = ',';
  }
  piece.source += String.raw`\}`;
  steps.push(pieceReader(piece));
  const [only, another] = steps;
  return only && !another ? only : (cursor, object) => steps.every((step) => step(cursor, object));
}

function emptyPiece(): Piece {
  return { source: '', groups: 0, takes: [], objects: 1 };
}

/** `nth`: which of the piece's objects the fields belong to. */
function addFields(piece: Piece, fields: readonly ReadField[], nth: number): void {
  let run: number | null = null;
  for (const [i, field] of fields.entries()) {
    const { name, cell, value } = field;
    const isWhole = typeof value === 'string';
    if (run !== null && (!isWhole || cell !== run)) {
      piece.source += ')';
      run = null;
    }
    if (i > 0) piece.source += ',';
    if (isWhole && cell !== null && run === null) {
      run = cell;
      openGroup(piece, nth, (object, text) => void (object.cells[cell] = text));
    }
    piece.source += keyPattern(name);
    if (typeof value === 'string') addWhole(piece, field, value, nth);
    else if (typeof value === 'object') addInner(piece, field, value, nth);
  }
  if (run !== null) piece.source += ')';
}

function openGroup(piece: Piece, nth: number, take: (object: SplicedObject, text: string) => void): void {
  const group = ++piece.groups;
  piece.source += '(';
  piece.takes.push((match, objects) => {
    const object = objects[nth];
    if (object) take(object, match[group] ?? '');
  });
}

function addWhole(piece: Piece, { known }: ReadField, value: Pattern, nth: number): void {
  if (known !== null) openGroup(piece, nth, (object, text) => void (object.cells[known] = text));
  piece.source += known === null ? value : `${value})`;
}

function addInner(piece: Piece, { cell, known }: ReadField, { layout, fields, isNullable }: InnerObject, nth: number): void {
  const inner = piece.objects++;
  const group = ++piece.groups;
  piece.takes.push((match, objects) => {
    const text = match[group] ?? NULL;
    const object = text === NULL ? null : new SplicedObject(layout);
    objects[inner] = object;
    const outer = objects[nth];
    if (outer && cell !== null) outer.cells[cell] = object ?? NULL;
    if (outer && known !== null) outer.cells[known] = text;
  });
  piece.source += isNullable ? String.raw`(null|\{` : String.raw`(\{`;
  addFields(piece, fields, inner);
  piece.source += String.raw`\})`;
}

const NULL = 'null';

/** About 100 fields. Compiling longer ones would keep others waiting. */
const LONGEST_PATTERN = 10_000;

function pieceReader({ source, takes }: Piece): ReadObject {
  if (source.length > LONGEST_PATTERN) throw new NotSpliceable('Its objects have too many fields.');
  const pattern = new RegExp(source, 'y');
  return (cursor, object) => {
    pattern.lastIndex = cursor.at;
    const match = pattern.exec(cursor.text);
    if (!match) return false;
    cursor.at = pattern.lastIndex;
    const objects: (SplicedObject | null)[] = [object];
    for (let i = 0; i < takes.length; i++) takes[i]?.(match, objects);
    return true;
  };
}

function treeInto({ cell, known }: ReadField, read: ReadTree): ReadObject {
  return (cursor, object) => {
    const start = cursor.at;
    const tree = read(cursor);
    if (tree === null) return false;
    if (cell !== null) object.cells[cell] = tree;
    if (known !== null) object.cells[known] = cursor.text.slice(start, cursor.at);
    return true;
  };
}
