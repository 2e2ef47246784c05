import { getNamedType, isNonNullType, isObjectType, type FieldNode, type GraphQLObjectType, type GraphQLOutputType } from 'graphql';
import { collectFields } from '../collect-fields.js';
import { textPattern, type Pattern } from './json-patterns.js';
import { cellsOf, compileObjectReader, isInOnePiece, type InnerObject, type ReadField, type ReadTree } from './object-reader.js';
import { compileRepresentations } from './representation.js';
import {
  givenFields,
  isAddedTo,
  isSamePath,
  isTypeName,
  NotSpliceable,
  possibleTypes,
  selectionSetsOf,
  typeNameIn,
  type Below,
  type Contribution,
  type Given,
  type LayoutParts,
} from './selections.js';
import type { Layout, ObjectAnswer, Places } from './spliced-object.js';
import { objectReader, treeReader, variantReader } from './tree-reader.js';
import { hiddenPattern, wholePattern } from './whole-values.js';

/** Where an object lies in the response, and what clients want of it. */
interface Place extends Omit<Below, 'origin'> {
  type: GraphQLObjectType;
  /** What has answered that there is such an object; null for the root. */
  origin: Contribution | null;
}

/** A field that clients want. */
interface Wanted {
  name: string;
  nodes: readonly FieldNode[];
  /** Which contribution it is taken from, and the how manieth of its fields it is. Null: nobody was asked. */
  source: { contribution: Contribution; nodes: readonly FieldNode[]; order: number } | null;
}

/** How it is read. */
type Shown = Pick<Wanted, 'name' | 'source'> & Pick<ReadField, 'cell' | 'value'>;

/** The cells of an object, as they are worked out one after the other. */
interface Cells {
  prefixes: (string | null)[];
  /** What stands before the next one, or behind the last. */
  text: string;
}

/** An object while it is worked out, in cells of its own or of the one that it lies in. */
interface ObjectParts extends Pick<Layout, 'answers' | 'representations'> {
  place: Place;
  given: Given;
  /** The cells of what other subgraphs are told of it. */
  known: ReadonlyMap<string, number>;
  cells: Cells;
  places: Map<string, number | Places>;
}

/** What each fetch answers for an object, by the number of the fetch. */
type Answered = ReadonlyMap<number, readonly ReadField[]>;

/** What the text of an object consists of. Throws NotSpliceable. */
export function compileLayout(parts: LayoutParts, place: Place): Layout {
  return compileObject(parts, place).layout;
}

function compileObject(parts: LayoutParts, place: Place): { layout: Layout; fields: Answered } {
  const cells: Cells = { prefixes: [], text: '' };
  const { fields, places, answers, representations } = compilePlace(parts, place, cells);
  const { prefixes, text: suffix } = cells;
  return { layout: { prefixes, suffix, blank: prefixes.map(() => undefined), places, answers, representations }, fields };
}

function compilePlace(parts: LayoutParts, place: Place, cells: Cells): ObjectParts & { fields: Answered } {
  parts.spend();
  const { type, path, origin } = place;
  const contributions = [
    ...(origin ? [origin] : []),
    ...parts.fetches
      .filter((fetch) => isSamePath(fetch.path, path))
      .map((fetch): Contribution => ({ fetch, selectionSets: [fetch.selectionSet] })),
  ];
  const given: Given = new Map(contributions.map((contribution) => [contribution, givenFields(parts, type.name, contribution)]));
  const addCell = () => cells.prefixes.push(null) - 1;
  const { known, representations } = compileRepresentations(parts, { typeName: type.name, path, given, addCell });
  const object: ObjectParts = { place, given, known, cells, places: new Map(), answers: [], representations };
  const shown = addShown(parts, object);
  const fields = new Map<number, ReadField[]>();
  for (const [contribution, answered] of given) {
    const read = [...answered].map(([name, nodes]): ReadField => {
      const field = shown.find((each) => each.name === name && each.source?.contribution === contribution);
      const { cell, value } = field ?? { cell: null, value: hiddenValue(parts, place, contribution, name, nodes) };
      return { name, cell, value, known: known.get(name) ?? null };
    });
    fields.set(contribution.fetch.index, read);
    object.answers[contribution.fetch.index] = compileAnswer(read);
  }
  return { ...object, fields };
}

/** No object is made of what is not shown, so there is nothing that another answer could be added to. */
function hiddenValue(
  parts: LayoutParts,
  { type, path }: Place,
  { fetch }: Contribution,
  name: string,
  nodes: readonly FieldNode[],
): Pattern {
  if (isAddedTo(parts, [...path, name])) throw new NotSpliceable(`${type.name}.${name} is not shown from here, but others add to it.`);
  return hiddenPattern(parts, type.name, fetch, nodes);
}

function compileAnswer(fields: readonly ReadField[]): ObjectAnswer {
  return { read: compileObjectReader(fields), cells: [...new Set(cellsOf(fields))] };
}

/** Adds the fields that clients want to the cells. */
function addShown(parts: LayoutParts, object: ObjectParts): Shown[] {
  const { place, given, cells } = object;
  const shown: Shown[] = [];
  cells.text += '{';
  for (const [name, nodes] of collectFields(parts.client, place.type, place.selectionSets))
    shown.push(addField(parts, object, { name, nodes, source: sourceOf(given, name) }, shown.at(-1)));
  cells.text += '}';
  return shown;
}

/** Of several that answer a field the last one is taken, as when answers are merged. */
function sourceOf(given: Given, name: string): Wanted['source'] {
  const [contribution, fields] = [...given].findLast(([, each]) => each.has(name)) ?? [];
  if (!contribution || !fields) return null;
  return { contribution, nodes: fields.get(name) ?? [], order: [...fields.keys()].indexOf(name) };
}

function addField(parts: LayoutParts, object: ObjectParts, wanted: Wanted, before: Shown | undefined): Shown {
  const { type, path } = object.place;
  const { name, nodes, source } = wanted;
  if (isTypeName(nodes)) return addWhole(object.cells, wanted, textPattern(type.name), before);
  const field = type.getFields()[nodes[0]?.name.value ?? ''];
  if (!source || !field) throw new NotSpliceable(`Nobody answers ${type.name}.${name}.`);
  const origin = { fetch: source.contribution.fetch, selectionSets: selectionSetsOf(source.nodes) };
  const below = { selectionSets: selectionSetsOf(nodes), path: [...path, name], origin };
  const whole = wholePattern(parts, field.type, below);
  if (whole !== null) return addWhole(object.cells, wanted, whole, before);
  object.cells.text += `${before ? ',' : ''}"${name}":`;
  const { type: fieldType } = field;
  if (isNonNullType(fieldType) && isObjectType(fieldType.ofType) && !object.known.has(name))
    return addFlat(parts, object, wanted, { type: fieldType.ofType, ...below });
  const cell = addCell(object.cells);
  object.places.set(name, cell);
  return { name, source, cell, value: readerOf(parts, fieldType, below) };
}

/** Fields that lie next to each other in the response and in what one fetch answers share a cell. */
function addWhole(cells: Cells, { name, source }: Wanted, value: Pattern, before: Shown | undefined): Shown {
  const continues =
    typeof before?.value === 'string' &&
    source !== null &&
    before.source?.contribution === source.contribution &&
    before.source.order === source.order - 1;
  if (continues) return { name, source, cell: before.cell, value };
  if (before) cells.text += ',';
  // A type that nobody was asked for is always the same.
  if (source === null) cells.text += `"${name}":${value}`;
  return { name, source, cell: source && addCell(cells), value };
}

/** An object that is there whenever the one is that it lies in: in the same cells. */
function addFlat(parts: LayoutParts, object: ObjectParts, { name, source }: Wanted, place: Place & Below): Shown {
  const { places, answers, representations, fields } = compilePlace(parts, place, object.cells);
  object.places.set(name, places);
  Object.assign(object.answers, answers);
  Object.assign(object.representations, representations);
  return { name, source, cell: null, value: { fields: fields.get(place.origin.fetch.index) ?? [] } };
}

/** A cell for what comes next. */
function addCell(cells: Cells): number {
  const { text } = cells;
  cells.text = '';
  return cells.prefixes.push(text) - 1;
}

/** Of a value that is put together of several answers. */
function readerOf(parts: LayoutParts, type: GraphQLOutputType, below: Below): ReadTree | InnerObject {
  const { fetch } = below.origin;
  const types = possibleTypes(parts.client.schema, type);
  const objects = types.map((possible) => [possible.name, compileObject(parts, { type: possible, ...below })] as const);
  const [first] = objects;
  if (first && isObjectType(getNamedType(type))) {
    const [, { layout, fields: answered }] = first;
    const fields = answered.get(fetch.index) ?? [];
    if (isObjectType(type) && isInOnePiece(fields)) return { layout, fields };
    return treeReader(type, objectReader(layout, fetch.index));
  }
  const layouts = new Map(objects.map(([name, { layout }]) => [name, layout]));
  return treeReader(type, variantReader({ name: typeNameIn(parts, types, below), layouts }, fetch.index));
}
