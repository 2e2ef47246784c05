import {
  getNamedType,
  getNullableType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields } from '../collect-fields.js';
import { textPattern, type Pattern } from './json-patterns.js';
import { compileObjectReader, isInOnePiece, type InnerObject, type ReadField, type ReadTree } from './object-reader.js';
import { compileRepresentations } from './representation.js';
import {
  givenFields,
  isAddedTo,
  isSamePath,
  isTypeName,
  NotSpliceable,
  possibleTypes,
  selectionSetsOf,
  type Below,
  type Contribution,
  type Given,
  type LayoutParts,
} from './selections.js';
import type { Layout, ObjectAnswer } from './spliced-object.js';
import { objectReader, treeReader, variantReader } from './tree-reader.js';
import { hiddenPattern, wholePattern } from './whole-values.js';

/** Where an object lies in the response, and what clients want of it. */
interface Place {
  type: GraphQLObjectType;
  selectionSets: readonly SelectionSetNode[];
  path: readonly string[];
  /** What has answered that there is such an object; null for the root. */
  origin: Contribution | null;
}

/** A field that clients want. */
interface Shown {
  name: string;
  /** Which contribution it is taken from, and the how manieth of its fields it is. Null: it is always the same. */
  source: { contribution: Contribution; order: number } | null;
  value: ReadField['value'];
}

/** What the text of an object consists of. Throws NotSpliceable. */
export function compileLayout(parts: LayoutParts, place: Place): Layout {
  return compilePlace(parts, place).layout;
}

/** The layout of an object, and what each fetch answers for it, by the number of the fetch. */
interface CompiledPlace {
  layout: Layout;
  fields: ReadonlyMap<number, readonly ReadField[]>;
}

function compilePlace(parts: LayoutParts, place: Place): CompiledPlace {
  parts.spend();
  const { type, selectionSets, path, origin } = place;
  const contributions = [
    ...(origin ? [origin] : []),
    ...parts.fetches
      .filter((fetch) => isSamePath(fetch.path, path))
      .map((fetch): Contribution => ({ fetch, selectionSets: [fetch.selectionSet] })),
  ];
  const given: Given = new Map(contributions.map((contribution) => [contribution, givenFields(parts, type.name, contribution)]));
  const shown = [...collectFields(parts.client, type, selectionSets)].map(([name, nodes]) => shownField(parts, place, given, name, nodes));
  const { prefixes, blank, cells } = cellsOf(type, shown);
  const { known, representations } = compileRepresentations(parts, { typeName: type.name, path, given, cellsBefore: prefixes.length });
  const fields = new Map<number, ReadField[]>();
  for (const [contribution, answered] of given) {
    const read = [...answered].map(([name, nodes]): ReadField => {
      const field = shown.find((each) => each.name === name && each.source?.contribution === contribution);
      const told = known.get(name) ?? null;
      if (!field) return { name, cell: null, value: hiddenValue(parts, place, contribution, name, nodes), known: told };
      return { name, cell: cells.get(name) ?? null, value: field.value, known: told };
    });
    fields.set(contribution.fetch.index, read);
  }
  const answers: Layout['answers'] = [];
  for (const [index, read] of fields) answers[index] = compileAnswer(read);
  const unknown = Array.from({ length: known.size }, () => undefined);
  return { layout: { prefixes, blank: [...blank, ...unknown], cellOf: cells, answers, representations }, fields };
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
  const cells = fields.flatMap(({ cell, known }) => [cell, known]).filter((cell) => cell !== null);
  return { read: compileObjectReader(fields), cells: [...new Set(cells)] };
}

/** Of several that answer a field the last one is taken, as when answers are merged. */
function shownField(parts: LayoutParts, { type, path }: Place, given: Given, name: string, nodes: readonly FieldNode[]): Shown {
  const contribution = [...given.keys()].findLast((each) => given.get(each)?.has(name));
  const fields = contribution && given.get(contribution);
  const source = contribution && fields ? { contribution, order: [...fields.keys()].indexOf(name) } : null;
  if (isTypeName(nodes)) return { name, source, value: textPattern(type.name) };
  const field = type.getFields()[nodes[0]?.name.value ?? ''];
  if (!contribution || !field) throw new NotSpliceable(`Nobody answers ${type.name}.${name}.`);
  const origin = { fetch: contribution.fetch, selectionSets: selectionSetsOf(fields?.get(name) ?? []) };
  const at = { selectionSets: selectionSetsOf(nodes), path: [...path, name], origin };
  return { name, source, value: wholePattern(parts, field.type, at) ?? readerOf(parts, field.type, at) };
}

/** Of a value that is put together of several answers. */
function readerOf(parts: LayoutParts, type: GraphQLOutputType, below: Below): ReadTree | InnerObject {
  const { fetch } = below.origin;
  const types = possibleTypes(parts.client.schema, type);
  const places = types.map((possible) => [possible.name, compilePlace(parts, { type: possible, ...below })] as const);
  const [first] = places;
  if (first && isObjectType(getNamedType(type))) {
    const [, { layout, fields: answered }] = first;
    const fields = answered.get(fetch.index) ?? [];
    if (isObjectType(getNullableType(type)) && isInOnePiece(fields)) return { layout, fields, isNullable: !isNonNullType(type) };
    return treeReader(type, objectReader(layout, fetch.index));
  }
  const layouts = new Map(places.map(([name, { layout }]) => [name, layout]));
  return treeReader(type, variantReader({ name: typeNameIn(parts, types, below), layouts }, fetch.index));
}

/** What the field is called that tells the type of an object before all others. */
function typeNameIn(parts: LayoutParts, types: readonly GraphQLObjectType[], { origin, path }: Below): string {
  const names = types.map((type) => {
    const [first] = givenFields(parts, type.name, origin);
    return first && isTypeName(first[1]) ? first[0] : null;
  });
  const [name, another] = new Set(names);
  if (typeof name !== 'string' || another !== undefined) throw new NotSpliceable(`The type of ${path.join('.')} is not told first.`);
  return name;
}

/** Fields that lie next to each other in the response and in what one fetch answers share a cell. */
function cellsOf(type: GraphQLObjectType, shown: readonly Shown[]): Pick<Layout, 'prefixes' | 'blank'> & { cells: Map<string, number> } {
  const [prefixes, blank, cells]: [string[], (string | undefined)[], Map<string, number>] = [[], [], new Map()];
  for (const [i, { name, source, value }] of shown.entries()) {
    const before = shown[i - 1];
    const continues =
      typeof value === 'string' &&
      typeof before?.value === 'string' &&
      source !== null &&
      before.source?.contribution === source.contribution &&
      before.source.order === source.order - 1;
    if (!continues) {
      prefixes.push(`${i > 0 ? ',' : '{'}${typeof value === 'string' ? '' : `"${name}":`}`);
      blank.push(source === null ? `"${name}":"${type.name}"` : undefined);
    }
    cells.set(name, prefixes.length - 1);
  }
  return { prefixes, blank, cells };
}
