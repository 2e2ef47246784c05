import {
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  type GraphQLLeafType,
  type GraphQLOutputType,
} from 'graphql';

/**
 * What the JSON text of a value looks like: the source of a regular expression that captures nothing. Texts are matched as they come from
 * `JSON.stringify` and its likes, without white space. What is right but does not look so is for those to read who read anything.
 */
export type Pattern = string;

const CHARACTERS = String.raw`[^"\\\x00-\x1f]*`;
const STRING = String.raw`"${CHARACTERS}(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})${CHARACTERS})*"`;
/** Up to 2,099,999,999: there is no need to know the largest exactly. */
const INT = String.raw`-?(?:0|[1-9]\d{0,8}|1\d{9}|20\d{8})`;
/** As many digits as a double holds for certain. */
const FLOAT = String.raw`-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?`;
const SCALAR = `(?:${STRING}|${FLOAT}|true|false)`;

/** A value that clients are shown as this type. Lists and objects that are custom scalars do not look like anything. */
export function leafPattern(type: GraphQLLeafType): Pattern {
  if (isEnumType(type))
    return `"(?:${type
      .getValues()
      .map(({ name }) => name)
      .join('|')})"`;
  if (!isSpecifiedScalarType(type)) return SCALAR;
  switch (type.name) {
    case 'Int':
      return INT;
    case 'Float':
      return FLOAT;
    case 'Boolean':
      return '(?:true|false)';
    case 'ID':
      return String.raw`(?:${STRING}|-?(?:0|[1-9]\d{0,14}))`;
    default:
      return STRING;
  }
}

/** A leaf that clients are not shown. */
export const anyLeafPattern: Pattern = SCALAR;

export function keyPattern(name: string): Pattern {
  return `"${name}":`;
}

export function textPattern(text: string): Pattern {
  return `"${text}"`;
}

/** The text that alone matches; null when there are others, or it is not known. */
export function onlyText(pattern: Pattern): string | null {
  return /^(?:[\w":,]|\\[{}])*$/.test(pattern) ? pattern.replaceAll('\\', '') : null;
}

export function objectPattern(fields: readonly (readonly [name: string, value: Pattern])[]): Pattern {
  return String.raw`\{${fields.map(([name, value]) => keyPattern(name) + value).join(',')}\}`;
}

export function eitherPattern(patterns: readonly Pattern[]): Pattern {
  return `(?:${[...new Set(patterns)].join('|')})`;
}

/** The same within lists and nullable: `everywhere`, or where the type says so. */
export function wrappedPattern(type: GraphQLOutputType, named: Pattern, nulls: 'everywhere' | 'as-typed'): Pattern {
  const nullable = getNullableType(type);
  const pattern = isListType(nullable) ? listPattern(wrappedPattern(nullable.ofType, named, nulls)) : named;
  return isNonNullType(type) && nulls === 'as-typed' ? pattern : `(?:null|${pattern})`;
}

function listPattern(element: Pattern): Pattern {
  return String.raw`\[(?:${element}(?:,(?!\])|(?=\])))*\]`;
}
