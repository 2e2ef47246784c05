import { createHash } from 'node:crypto';
import {
  Kind,
  parse,
  parseType,
  print,
  visit,
  type ArgumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { isObject, own } from '../json.js';
import type { SubgraphAnswer, SubgraphRequest } from '../subgraph-fetcher.js';
import { resumeType, type LiveField } from './live-field.js';

/** What an event says of itself. */
export interface EventMarks {
  /** Which entity it is about; null when it does not say. */
  entity: string | null;
  /** What a stream is resumed after; null when it does not say. */
  cursor: string | number | null;
}

/** What the primary subgraph of a subscription is asked: compiled once, for every set of variables. */
export interface PrimaryRequest {
  /** The same for requests that ask the same of a subgraph, but for their variables: a digest. */
  id: string;
  /** What is known of its root field. */
  field: LiveField | null;
  /** A stream from its beginning, or after an event where it can be resumed. */
  request(variables: Record<string, unknown>, after: EventMarks['cursor']): SubgraphRequest;
  /** Whether the client itself says after which event to begin. */
  isResumed(variables: Record<string, unknown>): boolean;
  marksOf(event: SubgraphAnswer): EventMarks;
}

const AFTER = '_live_after';

/** Without the operation's name, so that clients that name it differently can share one stream. Throws when there is not one root field. */
export function compilePrimary(text: string, schema: GraphQLSchema, fields: ReadonlyMap<string, LiveField>): PrimaryRequest {
  const operation = operationIn(text);
  const root = rootOf(operation);
  const name = root.name.value;
  const field = fields.get(name) ?? null;
  const resume = field?.resume ?? null;
  const marks = field ? [...field.entity, ...(resume ? [resume.field] : [])] : [];
  const marked = { ...root, ...(root.selectionSet && { selectionSet: withMarks(root.selectionSet, marks) }) };
  const fromStart = printed(operation, marked);
  const resumed = resume ? printedResumed(operation, marked, resume.argument, parseType(resumeType(schema, name, resume.argument))) : null;
  const given = resume ? root.arguments?.find((argument) => argument.name.value === resume.argument)?.value : undefined;
  const key = root.alias?.value ?? name;
  return {
    id: createHash('sha256').update(fromStart).digest('base64url'),
    field,
    request: (variables, after) =>
      resumed === null || after === null
        ? { query: fromStart, variables, operationName: undefined }
        : { query: resumed, variables: { ...variables, [AFTER]: after }, operationName: undefined },
    isResumed: (variables) => {
      if (!given || given.kind === Kind.NULL) return false;
      return given.kind !== Kind.VARIABLE || (variables[given.name.value] ?? null) !== null;
    },
    marksOf: ({ data }) => {
      const event = isObject(data) ? own(data, key) : null;
      if (!field || !isObject(event)) return { entity: null, cursor: null };
      const cursor = resume ? event[markName(resume.field)] : null;
      return {
        entity: JSON.stringify(field.entity.map((each) => event[markName(each)])),
        cursor: typeof cursor === 'string' || typeof cursor === 'number' ? cursor : null,
      };
    },
  };
}

function operationIn(text: string): OperationDefinitionNode & { rest: readonly string[] } {
  const { definitions } = parse(text, { noLocation: true });
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('The plan of a subscription begins with no operation.');
  const { name: _name, ...unnamed } = operation;
  return { ...unnamed, rest: definitions.filter((definition) => definition !== operation).map(print) };
}

function rootOf({ selectionSet: { selections } }: OperationDefinitionNode): FieldNode {
  const [root, another] = selections;
  if (root?.kind !== Kind.FIELD || another) throw new Error('The plan of a subscription begins with something other than one field.');
  return root;
}

function printed({ rest, ...operation }: ReturnType<typeof operationIn>, root: FieldNode): string {
  return [print({ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [root] } }), ...rest].join('\n');
}

function printedResumed(operation: ReturnType<typeof operationIn>, root: FieldNode, argument: string, type: TypeNode): string {
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: AFTER } } as const;
  const after: ArgumentNode = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: argument }, value: variable };
  const others = (root.arguments ?? []).filter((each) => each.name.value !== argument);
  const resumed = { ...root, arguments: [...others, after] };
  const isUsed = usesOf(printed({ ...operation, variableDefinitions: [] }, resumed));
  const declared = (operation.variableDefinitions ?? []).filter(({ variable: { name } }) => isUsed.has(name.value));
  const variableDefinitions = [...declared, { kind: Kind.VARIABLE_DEFINITION, variable, type } as const];
  return printed({ ...operation, variableDefinitions }, resumed);
}

function usesOf(text: string): ReadonlySet<string> {
  const used = new Set<string>();
  visit(parse(text, { noLocation: true }), { Variable: ({ name }) => void used.add(name.value) });
  return used;
}

function withMarks({ selections }: NonNullable<FieldNode['selectionSet']>, names: readonly string[]): FieldNode['selectionSet'] {
  const marks = names.map((value): FieldNode => ({
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: markName(value) },
    name: { kind: Kind.NAME, value },
  }));
  return { kind: Kind.SELECTION_SET, selections: [...selections, ...marks] };
}

/** Not a name that schemas have; a client that takes it as an alias of something else is refused by the subgraph. */
function markName(field: string): string {
  return `_live_${field}`;
}
