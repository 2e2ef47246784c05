import {
  isAbstractType,
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { authorizationRules } from '../../src/engine/authorization-rules.js';
import type { Claims } from '../../src/engine/authorization.js';
import { createGraphEngine } from '../../src/engine/graph-engine.js';
import { isObject, type JsonObject } from '../../src/engine/json.js';
import { createStockEngine } from '../../src/stock/stock-engine.js';
import { fakeSubgraph } from './fake-subgraph.js';
import { randomOperation } from './random-operation.js';
import { composed } from './supergraphs.js';

/** Directives at every kind of place, and every way to it: interfaces, unions, fragments, entities, `@requires`. */
const zoo = composed('a guarded zoo', {
  animals: `
    type Query { animal(id: ID!): Animal animals: [Animal!] things: [Thing] cat: Cat dog: Dog loud: [Loud!] cage: Cage }
    type Mutation { feed(id: ID!): Animal free(id: ID!): Cat @requiresScopes(scopes: [["free"]]) }
    interface Animal { id: ID! name: String home: Place friends: [Animal!] }
    interface Loud { noise: String }
    type Cat implements Animal & Loud @key(fields: "id") { id: ID! name: String home: Place friends: [Animal!] noise: String lives: Int! weight: Weight }
    type Dog implements Animal & Loud @key(fields: "id") {
      id: ID! name: String @requiresScopes(scopes: [["names"]]) home: Place friends: [Animal!] noise: String chip: String @authenticated }
    type Snake implements Animal @key(fields: "id") @requiresScopes(scopes: [["snakes"]]) { id: ID! name: String home: Place friends: [Animal!] venom: String! }
    type Place @key(fields: "code") { code: ID! }
    type Cage { key: String! @policy(policies: [["keepers"]]) inside: Thing }
    scalar Weight @requiresScopes(scopes: [["weights"]])
    union Thing = Cat | Snake | Cage`,
  keepers: `
    type Query { keepers: [Keeper!] }
    type Keeper { name: String cares: [Cared!] wage: Int @authenticated }
    interface Cared { id: ID! mood: Mood }
    type Cat implements Cared @key(fields: "id") { id: ID! mood: Mood noise: String @external  owner: Keeper @requires(fields: "noise") }
    type Snake implements Cared @key(fields: "id") { id: ID! mood: Mood }
    enum Mood @authenticated { GOOD BAD }
    type Place @key(fields: "code") { code: ID! alarm: String @requiresScopes(scopes: [["alarms"], ["admin"]]) guests: [Cared!] }`,
});

const securityNames: ReadonlySet<string> = new Set(['authenticated', 'requiresScopes', 'policy']);

/** Newer composition demands of an interface what any of its types demands; without that the gateway has to find it itself. */
const supergraphSdl = print(
  visit(parse(zoo.supergraphSdl), {
    InterfaceTypeDefinition: (definition) =>
      visit(definition, { Directive: ({ name: { value } }) => (securityNames.has(value) ? null : undefined) }),
  }),
);

const rules = authorizationRules(parse(supergraphSdl));
const everything: Claims = {
  isAuthenticated: true,
  scopes: ['free', 'names', 'snakes', 'weights', 'alarms', 'admin'],
};
const TYPE = 'runtimeType';
const never = new AbortController().signal;

const answers = new Map(Object.entries(zoo.subgraphs).map(([name, sdl]) => [name, fakeSubgraph(sdl)]));
describe.each([
  ['our executor', createGraphEngine],
  ["Apollo's executor", createStockEngine],
])('with %s', (_, createEngine) => {
  const engine = createEngine<{ claims: Claims; seed: string }>({
    supergraphSdl,
    fetchers: new Map(
      [...answers].map(([name, answer]) => [
        name,
        {
          execute: async (request, { seed }) => answer(request, { seed, nullEvery: 9, errorEvery: 0 }),
          subscribe: async () => ({ data: null }),
        },
      ]),
    ),
    authorization: {
      mode: 'filter',
      claims: ({ claims }) => claims,
      policies: (names, { claims }) => (claims === everything ? names : []),
    },
  });

  /** The same operation, with the type of every object beside its fields. */
  function withTypes(text: string): DocumentNode {
    const type: FieldNode = { kind: Kind.FIELD, alias: name(TYPE), name: name('__typename') };
    return visit(parse(text, { noLocation: true }), { SelectionSet: (set) => ({ ...set, selections: [...set.selections, type] }) });
  }

  function name(value: string) {
    return { kind: Kind.NAME, value } as const;
  }

  /** `Type.field` of everything that an answer holds, by the types that its objects really have. */
  function coordinatesIn(
    value: unknown,
    selectionSets: readonly SelectionSetNode[],
    document: DocumentNode,
    schema: GraphQLSchema,
  ): string[] {
    if (Array.isArray(value)) return value.flatMap((element) => coordinatesIn(element, selectionSets, document, schema));
    if (!isObject(value)) return [];
    const type = String(value[TYPE]);
    return Object.entries(value).flatMap(([key, below]) => {
      if (below === null || key === TYPE) return [];
      const nodes = selectionSets.flatMap((set) => fieldsFor(set, key, type, document, schema));
      const field = nodes[0]?.name.value ?? 'nowhere';
      if (field.startsWith('__')) return [];
      return [
        `${type}.${field}`,
        ...coordinatesIn(
          below,
          nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
          document,
          schema,
        ),
      ];
    });
  }

  function fieldsFor(set: SelectionSetNode, key: string, type: string, document: DocumentNode, schema: GraphQLSchema): FieldNode[] {
    return set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return (selection.alias ?? selection.name).value === key ? [selection] : [];
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find((each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value);
      if (!fragment || !('selectionSet' in fragment)) return [];
      const condition = 'typeCondition' in fragment ? fragment.typeCondition?.name.value : undefined;
      return condition === undefined || fits(condition, type, schema) ? fieldsFor(fragment.selectionSet, key, type, document, schema) : [];
    });
  }

  function fits(condition: string, type: string, schema: GraphQLSchema): boolean {
    const [wanted, given] = [schema.getType(condition), schema.getType(type)];
    return (
      condition === type ||
      (isAbstractType(wanted) &&
        given !== undefined &&
        'getFields' in given &&
        !('resolveType' in given && isAbstractType(given)) &&
        schema.isSubType(wanted, given as never))
    );
  }

  function answered(data: unknown, document: DocumentNode): string[] {
    const [operation] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    return operation ? coordinatesIn(data, [operation.selectionSet], document, engine.apiSchema) : [];
  }

  /** Whether everything that is there is as it is for whoever may have it. */
  function isPartOf(part: unknown, whole: unknown): boolean {
    if (part === null) return true;
    if (Array.isArray(part))
      return Array.isArray(whole) && part.length === whole.length && part.every((each, i) => isPartOf(each, whole[i]));
    if (isObject(part)) return isObject(whole) && Object.keys(part).every((key) => isPartOf(part[key], whole[key]));
    return part === whole;
  }

  async function bothAnswers(seed: string) {
    const operation = randomOperation(engine.apiSchema, seed, { maxFields: 25, withConditions: true });
    if (!operation) return null;
    const document = withTypes(operation.text);
    const [variables = {}] = operation.variables;
    const ask = async (claims: Claims) => {
      const { data, errors } = await engine.execute({ document, operationName: undefined, variables }, { claims, seed }, never);
      return { data: JSON.parse(JSON.stringify(data ?? null)) as JsonObject | null, errors };
    };
    return { document, whole: await ask(everything), part: await ask({ isAuthenticated: false, scopes: [] }) };
  }

  describe('400 random operations of somebody who may have nothing that is guarded', () => {
    it('are answered without it, whichever way it was asked for, and otherwise as for anybody', async () => {
      const counts = { told: 0, denied: 0, guarded: new Set<string>() };
      for (let n = 0; n < 400; n++) {
        const answersOf = await bothAnswers(`guarded ${n}`);
        if (!answersOf) continue;
        const { document, whole, part } = answersOf;
        const isGuarded = (coordinate: string) => rules.checksOf(...(coordinate.split('.') as [string, string])).size > 0;
        const told = answered(part.data, document);
        expect(told.filter(isGuarded), print(document)).toEqual([]);
        expect(isPartOf(part.data, whole.data), `${print(document)}\n${JSON.stringify(part.data)}\n${JSON.stringify(whole.data)}`).toBe(
          true,
        );
        const guarded = answered(whole.data, document).filter(isGuarded);
        if (guarded.length > 0) expect(part.errors?.length, print(document)).toBeGreaterThan(0);
        counts.told += told.length;
        counts.denied += guarded.length;
        guarded.forEach((coordinate) => counts.guarded.add(coordinate));
      }
      expect(counts.told).toBeGreaterThan(200);
      expect([...counts.guarded]).toEqual(
        expect.arrayContaining([
          'Dog.name',
          'Dog.chip',
          'Snake.name',
          'Cat.weight',
          'Cage.key',
          'Keeper.wage',
          'Cat.mood',
          'Place.alarm',
          'Mutation.free',
        ]),
      );
    });
  });
});
