import { getNullableType, isListType, isNonNullType, type GraphQLOutputType } from 'graphql';
import { skip } from './cursor.js';
import type { ReadTree } from './object-reader.js';
import { SplicedObject, type Layout, type Tree } from './spliced-object.js';

const NULL = 'null';
const [BEGIN, COMMA, END] = ['[', ',', ']'];

/** A value of this type, of whose objects each is read by `read`. */
export function treeReader(type: GraphQLOutputType, read: ReadTree): ReadTree {
  const nullable = getNullableType(type);
  const value = isListType(nullable) ? listReader(treeReader(nullable.ofType, read)) : read;
  if (isNonNullType(type)) return value;
  return (cursor) => (skip(cursor, NULL) ? NULL : value(cursor));
}

function listReader(read: ReadTree): ReadTree {
  return (cursor) => {
    if (!skip(cursor, BEGIN)) return null;
    const trees: Tree[] = [];
    if (skip(cursor, END)) return trees;
    do {
      const tree = read(cursor);
      if (tree === null) return null;
      trees.push(tree);
    } while (skip(cursor, COMMA));
    return skip(cursor, END) ? trees : null;
  };
}

/** Objects of types that are told apart by the field that comes first, which is called so. */
export interface Variants {
  name: string;
  layouts: ReadonlyMap<string, Layout>;
}

/** An object as the fetch with this number answers it. */
export function objectReader(layout: Layout, fetch: number): ReadTree {
  const read = layout.answers[fetch]?.read;
  return (cursor) => {
    const object = new SplicedObject(layout);
    return read?.(cursor, object) ? object : null;
  };
}

/** The same of several types. */
export function variantReader({ name, layouts }: Variants, fetch: number): ReadTree {
  const typeName = new RegExp(String.raw`\{"${name}":"(\w+)"`, 'y');
  const readers = new Map([...layouts].map(([type, layout]) => [type, objectReader(layout, fetch)]));
  return (cursor) => {
    typeName.lastIndex = cursor.at;
    const type = typeName.exec(cursor.text)?.[1];
    return (type !== undefined && readers.get(type)?.(cursor)) || null;
  };
}
