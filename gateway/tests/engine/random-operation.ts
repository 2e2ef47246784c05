import {
  astFromValue,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  Kind,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import type { JsonObject } from '../../src/engine/json.js';
import { choices, type Choices } from './seeded.js';

export interface RandomOperation {
  text: string;
  /** Other values of the same variables, to run the operation with again. */
  variables: readonly JsonObject[];
}

export interface Taste {
  maxFields: number;
  /** Whether some fields and fragments carry `@skip` or `@include`. */
  withConditions: boolean;
}

interface Writing {
  withConditions: boolean;
  schema: GraphQLSchema;
  choose: Choices;
  /** Definitions by name, with a value for each run. */
  variables: Map<string, { type: string; values: readonly unknown[] }>;
  fragments: string[];
  aliases: number;
  /** How many fields may still be selected. */
  budget: number;
}

const RUNS = 3;

/** A valid operation over the schema; null when what came out breaks a rule of GraphQL (fields that don't merge). */
export function randomOperation(schema: GraphQLSchema, seed: string, { maxFields, withConditions }: Taste): RandomOperation | null {
  const choose = choices(seed);
  const mutation = schema.getMutationType();
  const isMutation = mutation !== null && mutation !== undefined && choose.isTrue(0.15);
  const root = isMutation ? mutation : schema.getQueryType();
  if (!root) throw new Error('A schema has a query type');
  const writing: Writing = {
    withConditions,
    schema,
    choose,
    variables: new Map(),
    fragments: [],
    aliases: 0,
    budget: 4 + choose.below(maxFields - 3),
  };
  const selections = writeSelections(writing, root, 1 + choose.below(5));
  const definitions = [...writing.variables].map(([name, { type }]) => `$${name}: ${type}`);
  const text = [
    `${isMutation ? 'mutation' : 'query'} Random${definitions.length > 0 ? `(${definitions.join(', ')})` : ''} ${selections}`,
    ...writing.fragments,
  ].join('\n');
  const document = withTypeNames(parse(text));
  if (validate(schema, document, specifiedRules, { maxErrors: 1 }).length > 0) return null;
  const variables = Array.from({ length: RUNS }, (_, run) =>
    Object.fromEntries([...writing.variables].flatMap(([name, { values }]) => (values[run] === undefined ? [] : [[name, values[run]]]))),
  );
  return { text: print(document), variables };
}

/** Apollo's planner forgets objects of which conditions leave no field. */
function withTypeNames(document: DocumentNode): DocumentNode {
  const typeName: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return visit(document, {
    SelectionSet: (set) =>
      set.selections.every(({ directives = [] }) => directives.length > 0)
        ? { ...set, selections: [typeName, ...set.selections] }
        : undefined,
  });
}

function writeSelections(writing: Writing, type: GraphQLCompositeType, depth: number): string {
  const { choose } = writing;
  const written: string[] = [];
  if (choose.isTrue(0.3) || isUnionType(type)) written.push(choose.isTrue(0.2) ? `alias${writing.aliases++}: __typename` : '__typename');
  if (!isUnionType(type)) written.push(...writeFields(writing, Object.values(type.getFields()), depth));
  if (isAbstractType(type) || choose.isTrue(0.15)) written.push(...writeFragments(writing, type, depth));
  return `{ ${written.length > 0 ? written.join(' ') : '__typename'} }`;
}

function writeFields(writing: Writing, fields: readonly GraphQLField<unknown, unknown>[], depth: number): string[] {
  const { choose } = writing;
  const usable = fields.filter(({ type }) => depth > 0 || !isCompositeType(getNamedType(type)));
  if (usable.length === 0) return [];
  return Array.from({ length: 1 + choose.below(4) }, () => choose.one(usable)).flatMap((field) => {
    if (writing.budget-- <= 0) return [];
    const named = getNamedType(field.type);
    const args = writeArguments(writing, field.args);
    const alias = args || choose.isTrue(0.1) ? `alias${writing.aliases++}: ` : '';
    const below = isCompositeType(named) ? ` ${writeSelections(writing, named, depth - 1)}` : '';
    return [`${alias}${field.name}${args}${writeCondition(writing)}${below}`];
  });
}

function writeFragments(writing: Writing, type: GraphQLCompositeType, depth: number): string[] {
  const { choose, schema } = writing;
  const possible = isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  const interfaces = Object.values(schema.getTypeMap()).filter(
    (other) => isInterfaceType(other) && possible.some((each) => schema.isSubType(other, each)),
  );
  const conditions: GraphQLCompositeType[] = [...possible, ...interfaces.filter(isInterfaceType)];
  return Array.from({ length: 1 + choose.below(3) }, () => choose.one(conditions)).flatMap((condition) => {
    if (writing.budget-- <= 0) return [];
    const selections = writeSelections(writing, condition, depth - (isObjectType(type) ? 1 : 0));
    if (choose.isTrue(0.7)) return [`... on ${condition.name}${writeCondition(writing)} ${selections}`];
    const name = `Part${writing.fragments.length}`;
    writing.fragments.push(`fragment ${name} on ${condition.name} ${selections}`);
    return [`...${name}${writeCondition(writing)}`];
  });
}

function writeCondition(writing: Writing): string {
  const { choose } = writing;
  if (!writing.withConditions || !choose.isTrue(0.12)) return '';
  const directive = choose.one(['skip', 'include']);
  if (choose.isTrue(0.15)) return ` @${directive}(if: ${choose.isTrue(0.5)})`;
  const n = choose.below(3);
  const hasDefault = n === 2;
  const values = Array.from({ length: RUNS }, () => (hasDefault && choose.isTrue(0.3) ? undefined : choose.isTrue(0.5)));
  if (!writing.variables.has(`when${n}`)) writing.variables.set(`when${n}`, { type: hasDefault ? 'Boolean! = true' : 'Boolean!', values });
  return ` @${directive}(if: $when${n})`;
}

function writeArguments(writing: Writing, args: readonly GraphQLArgument[]): string {
  const { choose } = writing;
  const given = args.filter((arg) => isRequiredArgument(arg) || choose.isTrue(0.3));
  const written = given.flatMap((arg) => {
    if (choose.isTrue(0.4)) {
      const name = `given${writing.variables.size}`;
      const values = Array.from({ length: RUNS }, () => inputValue(choose, arg.type, 2));
      writing.variables.set(name, { type: arg.type.toString(), values });
      return [`${arg.name}: $${name}`];
    }
    const literal = astFromValue(inputValue(choose, arg.type, 2), arg.type);
    return literal ? [`${arg.name}: ${print(literal)}`] : [];
  });
  return written.length > 0 ? `(${written.join(', ')})` : '';
}

function inputValue(choose: Choices, type: GraphQLInputType, depth: number): unknown {
  if (!isNonNullType(type) && choose.isTrue(0.15)) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) return Array.from({ length: choose.below(3) }, () => inputValue(choose, nullable.ofType, depth));
  if (isEnumType(nullable)) return choose.one(nullable.getValues()).value;
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter((field) => isRequiredInputField(field) || (depth > 0 && choose.isTrue(0.3)));
    return Object.fromEntries(fields.map((field) => [field.name, inputValue(choose, field.type, depth - 1)]));
  }
  switch (nullable.toString()) {
    case 'Int':
      return choose.below(5);
    case 'Float':
      return choose.below(20) / 4;
    case 'Boolean':
      return choose.isTrue(0.5);
    default:
      return `id-${choose.below(5)}`;
  }
}
