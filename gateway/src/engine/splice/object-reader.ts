import { skip, type Cursor } from './cursor.js';
import { keyPattern, onlyText, type Pattern } from './json-patterns.js';
import { NotSpliceable } from './selections.js';
import { SplicedObject, type Layout, type ReadObject, type Tree } from './spliced-object.js';

/** Moves behind a value; null when it does not look as expected. */
export type ReadTree = (cursor: Cursor) => Tree | null;

/** An object, or null, that one regular expression can read together with the one that it lies in. */
export interface InnerObject {
  layout: Layout;
  fields: readonly ReadField[];
}

/** An object that is never null: its fields are those of the one that it lies in. */
export interface FlatObject {
  fields: readonly ReadField[];
}

/** A field of an object, in the order in which a subgraph answers it. */
export interface ReadField {
  name: string;
  /** The cell of the response that it belongs to; null: clients are not shown it, or it is flat. */
  cell: number | null;
  /** A whole value, which is shown as it is; whole fields that share a cell lie next to each other. Or a value that others add to. */
  value: Pattern | InnerObject | FlatObject | ReadTree;
  /** The cell for those that tell other subgraphs of it; null: none is told. */
  known: number | null;
}

/** Whether one regular expression can read all of these. */
export function isInOnePiece(fields: readonly ReadField[]): boolean {
  return fields.every(({ value }) => (isFlat(value) ? isInOnePiece(value.fields) : typeof value !== 'function'));
}

/** The cells that these fill. */
export function cellsOf(fields: readonly ReadField[]): number[] {
  return fields.flatMap(({ cell, known, value }) => [
    ...[cell, known].filter((each) => each !== null),
    ...(isFlat(value) ? cellsOf(value.fields) : []),
  ]);
}

function isFlat(value: ReadField['value']): value is FlatObject {
  return typeof value === 'object' && !('layout' in value);
}

/** What lies between two values that have readers of their own. */
interface Piece {
  source: string;
  groups: number;
  inner: Inner[];
  takes: Take[];
}

/** What a group of the pattern matches is the text of a cell. `nth`: of the object that is read (0), or of the nth that lies in it. */
interface Take {
  group: number;
  cell: number;
  nth: number;
}

/** What a group of the pattern matches is an object, or null; `nth` is the one that it is a field of. */
interface Inner extends Pick<ReadField, 'cell' | 'known'> {
  group: number;
  layout: Layout;
  nth: number;
}

/** Of an object: the steps that read it, and the piece that comes next. */
interface Reading {
  steps: ReadObject[];
  piece: Piece;
}

/** Reads an object: one regular expression for each piece of it. */
export function compileObjectReader(fields: readonly ReadField[]): ReadObject {
  const reading: Reading = { steps: [], piece: emptyPiece() };
  addObject(reading, fields, 0);
  const steps = [...reading.steps, pieceReader(reading.piece)];
  const [only, another] = steps;
  return only && !another ? only : (cursor, object) => steps.every((step) => step(cursor, object));
}

function emptyPiece(): Piece {
  return { source: '', groups: 0, inner: [], takes: [] };
}

/** `nth`: which of the piece's objects the fields belong to, as for `Take`. */
function addObject(reading: Reading, fields: readonly ReadField[], nth: number): void {
  reading.piece.source += String.raw`\{`;
  let run: number | null = null;
  for (const [i, field] of fields.entries()) {
    const { name, cell, value } = field;
    const isWhole = typeof value === 'string';
    if (run !== null && (!isWhole || cell !== run)) {
      reading.piece.source += ')';
      run = null;
    }
    if (i > 0) reading.piece.source += ',';
    if (isWhole && cell !== null && run === null) {
      run = cell;
      openGroup(reading.piece, nth, cell);
    }
    reading.piece.source += keyPattern(name);
    if (isWhole) addWhole(reading.piece, field, value, nth);
    else if (typeof value === 'function') addTree(reading, field, value);
    else if (isFlat(value)) addObject(reading, value.fields, nth);
    else addInner(reading, field, value, nth);
  }
  reading.piece.source += run === null ? String.raw`\}` : String.raw`)\}`;
}

function addTree(reading: Reading, field: ReadField, read: ReadTree): void {
  reading.steps.push(pieceReader(reading.piece), treeInto(field, read));
  reading.piece = emptyPiece();
}

function openGroup(piece: Piece, nth: number, cell: number): void {
  piece.source += '(';
  piece.takes.push({ group: ++piece.groups, cell, nth });
}

function addWhole(piece: Piece, { known }: ReadField, value: Pattern, nth: number): void {
  if (known !== null) openGroup(piece, nth, known);
  piece.source += known === null ? value : `${value})`;
}

function addInner(reading: Reading, { cell, known }: ReadField, { layout, fields }: InnerObject, nth: number): void {
  const { piece } = reading;
  piece.inner.push({ group: ++piece.groups, layout, cell, known, nth });
  piece.source += '(null|';
  addObject(reading, fields, piece.inner.length);
  piece.source += ')';
}

const NULL = 'null';

/** About 100 fields. Compiling longer ones would keep others waiting. */
const LONGEST_PATTERN = 10_000;

function pieceReader({ source, inner, takes }: Piece): ReadObject {
  if (source.length > LONGEST_PATTERN) throw new NotSpliceable('Its objects have too many fields.');
  const only = onlyText(source);
  if (only !== null) return (cursor) => skip(cursor, only);
  const pattern = new RegExp(source, 'y');
  return (cursor, object) => {
    pattern.lastIndex = cursor.at;
    const match = pattern.exec(cursor.text);
    if (!match) return false;
    cursor.at = pattern.lastIndex;
    const within = inner.length === 0 ? NONE : innerObjects(inner, match, object);
    for (const { group, cell, nth } of takes) {
      const to = nth === 0 ? object : within[nth - 1];
      if (to) to.cells[cell] = match[group];
    }
    return true;
  };
}

const NONE: readonly SplicedObject[] = [];

/** Null are those that are null, and what would lie in them. */
function innerObjects(inner: readonly Inner[], match: RegExpExecArray, object: SplicedObject): (SplicedObject | null)[] {
  const found: (SplicedObject | null)[] = [];
  for (const { group, layout, cell, known, nth } of inner) {
    const text = match[group] ?? NULL;
    const each = text === NULL ? null : new SplicedObject(layout);
    found.push(each);
    const outer = nth === 0 ? object : found[nth - 1];
    if (outer && cell !== null) outer.cells[cell] = each ?? NULL;
    if (outer && known !== null) outer.cells[known] = text;
  }
  return found;
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
