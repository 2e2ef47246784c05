import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { print } from 'graphql';
import { compileSelections, selectEach } from '../representations.js';
import type { TypeConditions } from '../type-conditions.js';
import { isAddedTo, isSamePath, NotSpliceable, type Given, type LayoutParts } from './selections.js';
import type { SplicedObject } from './spliced-object.js';

/** How a fetch asks for an object of one type. */
export interface Representation {
  typeName: string;
  /** What tells objects of the type apart; null when it is not all known. */
  key(object: SplicedObject): string | null;
  /** Its JSON, once there is a key. */
  text(object: SplicedObject): string;
}

/** An object that others are to be told of. */
interface Represented {
  typeName: string;
  path: readonly string[];
  given: Given;
  /** A cell that clients are not shown. */
  addCell(): number;
}

/** What other subgraphs are told of an object: the cells that hold it, by name, and how it is said to each. */
export function compileRepresentations(
  parts: LayoutParts,
  { typeName, path, given, addCell }: Represented,
): { known: ReadonlyMap<string, number>; representations: (Representation | undefined)[] } {
  const { fetches, conditions } = parts;
  const known = new Map<string, number>();
  const representations: (Representation | undefined)[] = [];
  for (const { index, requires, path: asked } of fetches) {
    const fields = isSamePath(asked, path) ? requiredFields(requires, typeName, conditions) : new Map<string, never>();
    for (const [name, below] of fields) {
      if (below.length > 0 && (isAddedTo(parts, [...path, name]) || isGivenInParts(given, name)))
        throw new NotSpliceable(`What ${typeName}.${name} is known to be lies in several answers.`);
      if (name !== '__typename' && !known.has(name)) known.set(name, addCell());
    }
    if (fields.has('__typename')) representations[index] = compileRepresentation(typeName, fields, known, conditions);
  }
  return { known, representations };
}

/** Whether contributions say different things of an object, so that the last one is not all that is known of it. */
function isGivenInParts(given: Given, name: string): boolean {
  const selections = [...given.values()].flatMap((fields) => fields.get(name)?.map(print).join(' ') ?? []);
  return new Set(selections).size > 1;
}

/** What a fetch has to be told of an object of this type, by name, each with what is needed of it where it is an object. */
function requiredFields(
  requires: readonly QueryPlanSelectionNode[],
  typeName: string,
  conditions: TypeConditions,
): ReadonlyMap<string, readonly QueryPlanSelectionNode[]> {
  const fields = new Map<string, readonly QueryPlanSelectionNode[]>();
  const walk = (selections: readonly QueryPlanSelectionNode[]): void => {
    for (const selection of selections) {
      if (selection.kind === 'Field') {
        const name = selection.alias ?? selection.name;
        fields.set(name, [...(fields.get(name) ?? []), ...(selection.selections ?? [])]);
      } else if (selection.typeCondition === undefined || conditions(selection.typeCondition).has(typeName)) walk(selection.selections);
    }
  };
  walk(requires);
  return fields;
}

/** `cells` are those that hold what is known of an object. */
function compileRepresentation(
  typeName: string,
  fields: ReadonlyMap<string, readonly QueryPlanSelectionNode[]>,
  cells: ReadonlyMap<string, number>,
  conditions: TypeConditions,
): Representation {
  const parts: { before: string; cell: number; select: ((value: unknown) => unknown) | null }[] = [];
  let before = '{';
  for (const [i, [name, below]] of [...fields].entries()) {
    before += `${i > 0 ? ',' : ''}${JSON.stringify(name)}:`;
    if (name === '__typename') before += JSON.stringify(typeName);
    else {
      const select = below.length > 0 ? compileSelections(below, conditions) : null;
      parts.push({ before, cell: cells.get(name) ?? -1, select: select && ((value) => selectEach(value, select)) });
      before = '';
    }
  }
  const end = `${before}}`;
  const [only, another] = parts;
  return {
    typeName,
    key: (object) => {
      if (only && !another) return textIn(object, only.cell);
      const texts = parts.map(({ cell }) => textIn(object, cell));
      return texts.includes(null) ? null : texts.join(',');
    },
    text: (object) => {
      let text = '';
      for (const part of parts) {
        const value = textIn(object, part.cell) ?? 'null';
        text += part.before + (part.select ? JSON.stringify(part.select(JSON.parse(value))) : value);
      }
      return text + end;
    },
  };
}

function textIn({ cells }: SplicedObject, cell: number): string | null {
  const text = cells[cell];
  return typeof text === 'string' ? text : null;
}
