import { parse, type ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { authorizationRules } from '../../src/engine/authorization-rules.js';
import type { Claims, Denial } from '../../src/engine/authorization.js';
import { createGraphEngine, type GraphEngine } from '../../src/engine/graph-engine.js';
import type { JsonObject } from '../../src/engine/json.js';
import type { AuthorizationOptions } from '../../src/engine/plan-cache.js';
import type { SubgraphRequest } from '../../src/engine/subgraph-fetcher.js';
import { composed } from './supergraphs.js';
import { createStockEngine } from '../../src/stock/stock-engine.js';
import { liveResults } from './live-results.js';

const { supergraphSdl: composedSdl } = composed('a clinic', {
  patients: `
    type Query {
      patient: Patient patients: [Patient!]! beings: [Being!] things: [Thing!] first: Being
      diary: Diary mood: Mood code: Code report: String @requiresScopes(scopes: [["read", "reports"], ["admin"]])
      must: String! @requiresScopes(scopes: [["admin"]]) open: String
      fenced: String @policy(policies: [["office hours", "on site"], ["emergency"]]) }
    type Mutation { cure(id: ID!): Patient @requiresScopes(scopes: [["cure"]]) greet: String }
    type Subscription { vitals: Patient alarms: String @requiresScopes(scopes: [["alarms"]]) }
    interface Being { id: ID! name: String }
    type Patient implements Being @key(fields: "id") {
      id: ID! name: String secret: String @requiresScopes(scopes: [["secrets"]]) friend: Patient notes: [Note!] }
    type Robot implements Being @requiresScopes(scopes: [["robots"]]) { id: ID! name: String }
    type Note { text: String! @authenticated }
    type Diary @authenticated { text: String owner: Patient }
    union Thing = Patient | Robot | Diary
    enum Mood @authenticated { GOOD BAD }
    scalar Code @requiresScopes(scopes: [["codes"]])`,
  billing: `
    type Query { best: Patient }
    type Patient @key(fields: "id") { id: ID! debt: Int rating: String }`,
});

/** Newer composition demands of an interface what any of its types demands; older leaves that to the gateway. */
const supergraphSdl = composedSdl.replace(/(interface Being[^{]*?) *@requiresScopes\([^)]*\)/, '$1');

const anybody: Claims = { isAuthenticated: false, scopes: [] };
const holder = (...scopes: string[]): Claims => ({ isAuthenticated: true, scopes });
const never = new AbortController().signal;

const patient = (id: string) => ({ __typename: 'Patient', id, name: `P${id}`, secret: 'hidden', notes: [{ text: 'a' }, { text: 'b' }] });
const everything = {
  patient: { ...patient('1'), friend: patient('2') },
  patients: [patient('1'), patient('2')],
  beings: [patient('1'), { __typename: 'Robot', id: '9', name: 'R' }],
  things: [patient('1'), { __typename: 'Diary', text: 'dear' }],
  first: patient('1'),
  diary: { __typename: 'Diary', text: 'dear' },
  mood: 'GOOD',
  code: 'x',
  report: 'r',
  must: 'm',
  open: 'o',
  fenced: 'f',
  cure: patient('1'),
  greet: 'hi',
};

describe.each([
  ['our executor', createGraphEngine],
  ["Apollo's executor", createStockEngine],
])('with %s', (_, createEngine) => {
  function clinic(options: Partial<AuthorizationOptions<Claims>> = {}, sdl = supergraphSdl) {
    const asked: (SubgraphRequest & { subgraph: string })[] = [];
    const told: Denial[] = [];
    const fetcher = (subgraph: string) => ({
      execute: async (request: SubgraphRequest) => {
        asked.push({ ...request, subgraph });
        const count = (request.variables['representations'] as unknown[] | undefined)?.length ?? 0;
        const _entities = Array.from({ length: count }, () => ({ debt: 5, rating: 'A' }));
        return structuredClone({ data: { ...everything, _entities } });
      },
      subscribe: async () =>
        (async function* () {
          yield { data: { vitals: patient('1') } };
        })(),
    });
    const engine: GraphEngine<Claims> = createEngine<Claims>({
      supergraphSdl: sdl,
      fetchers: new Map([
        ['patients', fetcher('patients')],
        ['billing', fetcher('billing')],
      ]),
      authorization: { mode: 'filter', claims: (claims) => claims, denied: (denials) => void told.push(...denials), ...options },
    });
    const request = (text: string, variables: JsonObject = {}) => ({ document: parse(text), operationName: undefined, variables });
    return {
      asked,
      told,
      engine,
      ask: (text: string, claims: Claims = anybody, variables: JsonObject = {}): Promise<ExecutionResult> =>
        engine.execute(request(text, variables), claims, never),
      follow: (text: string, claims: Claims) => liveResults(engine, request(text), claims),
    };
  }

  const paths = ({ errors }: ExecutionResult) => errors?.map(({ path }) => path?.join('.'));
  const codes = ({ errors }: ExecutionResult) => [...new Set(errors?.map(({ extensions }) => extensions['code']))];

  describe('a field that is not for everybody', () => {
    it('is null with an error that names it, and is not asked for', async () => {
      const { ask, asked } = clinic();
      const result = await ask('{ patient { name secret } open }');
      expect(result).toMatchObject({ data: { patient: { name: 'P1', secret: null }, open: 'o' } });
      expect(result.errors).toMatchObject([
        {
          message: expect.stringContaining('Patient.secret') as unknown,
          path: ['patient', 'secret'],
          extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
        },
      ]);
      expect(asked.map(({ query }) => query).join()).not.toContain('secret');
    });

    it('is answered to whoever holds the scope', async () => {
      const { ask } = clinic();
      expect(await ask('{ patient { secret } }', holder('secrets'))).toEqual({ data: { patient: { secret: 'hidden' } } });
    });

    it('needs all scopes of one of the alternatives', async () => {
      const { ask } = clinic();
      for (const claims of [holder('read', 'reports'), holder('admin')])
        expect(await ask('{ report }', claims)).toEqual({ data: { report: 'r' } });
      for (const claims of [holder('read'), holder('reports'), anybody]) expect(paths(await ask('{ report }', claims))).toEqual(['report']);
    });

    it('takes what is around it along when it may not be null', async () => {
      const { ask } = clinic();
      const root = await ask('{ must open }');
      expect(root.data).toBeNull();
      expect(paths(root)).toEqual(['must']);
      const listed = await ask('{ patient { notes { text } name } }');
      expect(listed.data).toEqual({ patient: { notes: null, name: 'P1' } });
      expect(codes(listed)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    });

    it('has an error at every place of a list', async () => {
      const { ask } = clinic();
      expect(paths(await ask('{ patients { secret } }'))).toEqual(['patients.0.secret', 'patients.1.secret']);
    });

    it('costs no fetch when nothing else is asked', async () => {
      const { ask, asked } = clinic();
      expect(await ask('{ report diary { text } }')).toMatchObject({ data: { report: null, diary: null } });
      expect(asked).toEqual([]);
    });

    it('is not smuggled in by an alias, a merged selection, a fragment, or a fragment in a fragment', async () => {
      const { ask, asked } = clinic();
      const texts = [
        '{ patient { name: secret } }',
        '{ patient { id } patient { secret } }',
        '{ patient { ... { secret } } }',
        '{ patient { ...a } } fragment a on Patient { ...b } fragment b on Patient { id secret }',
        '{ first { ... on Patient { secret } } }',
        '{ things { ... on Patient { secret } } }',
        '{ first { ...a } } fragment a on Being { ... on Patient { friend { secret } id secret } }',
        'query Q($no: Boolean = false) { patient { secret @skip(if: $no) } }',
      ];
      for (const text of texts) {
        expect(codes(await ask(text)), text).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
        expect(JSON.stringify((await ask(text)).data), text).not.toContain('hidden');
      }
      expect(asked.map(({ query }) => query).join()).not.toContain('secret');
    });

    it('is no error where it is skipped', async () => {
      const { ask } = clinic();
      expect(await ask('query Q($no: Boolean!) { open report @skip(if: $no) }', anybody, { no: true })).toEqual({ data: { open: 'o' } });
    });

    it('stays hidden when it is asked for as a key of another subgraph', async () => {
      const keyed = composed('keys', {
        a: `
        type Query { it: It } type It @key(fields: "serial") { serial: ID! @requiresScopes(scopes: [["serials"]]) }`,
        b: `type It @key(fields: "serial") { serial: ID! title: String }`,
      });
      const answers = { a: { it: { __typename: 'It', serial: '77' } }, b: { _entities: [{ title: 'known' }] } };
      const engine = createEngine<Claims>({
        supergraphSdl: keyed.supergraphSdl,
        fetchers: new Map(
          (['a', 'b'] as const).map((name) => [
            name,
            { execute: async () => ({ data: structuredClone(answers[name]) }), subscribe: async () => ({ data: null }) },
          ]),
        ),
        authorization: { mode: 'filter', claims: (claims) => claims },
      });
      const ask = (text: string) => engine.execute({ document: parse(text), operationName: undefined, variables: {} }, anybody, never);
      expect(await ask('{ it { title } }')).toEqual({ data: { it: { title: 'known' } } });
      const both = await ask('{ it { title serial } }');
      expect(both.data).toEqual({ it: null });
      expect(paths(both)).toEqual(['it.serial']);
    });
  });

  describe('a type that is not for everybody', () => {
    it('closes every field that returns it: object, enum, scalar', async () => {
      const { ask } = clinic();
      expect(paths(await ask('{ diary { text } mood code }'))).toEqual(['diary', 'mood', 'code']);
      expect(paths(await ask('{ diary { text } mood code }', holder()))).toEqual(['code']);
      expect(await ask('{ diary { text } mood code }', holder('codes'))).toEqual({
        data: { diary: { text: 'dear' }, mood: 'GOOD', code: 'x' },
      });
    });

    it('closes what is selected on an interface that it may hide behind, but not fragments on the others', async () => {
      const { ask } = clinic();
      const hidden = await ask('{ beings { __typename name } }');
      expect(hidden.data).toEqual({
        beings: [
          { __typename: 'Patient', name: null },
          { __typename: 'Robot', name: null },
        ],
      });
      expect(paths(hidden)).toEqual(['beings.0.name', 'beings.1.name']);
      const narrowed = await ask('{ beings { ... on Patient { name } ... on Robot { name } } }');
      expect(narrowed.data).toEqual({ beings: [{ name: 'P1' }, { name: null }] });
      expect(await ask('{ patient { ...b } } fragment b on Being { name }')).toEqual({ data: { patient: { name: 'P1' } } });
      expect(await ask('{ beings { name } }', holder('robots'))).toEqual({ data: { beings: [{ name: 'P1' }, { name: 'R' }] } });
    });

    it('closes an interface that demands the same', async () => {
      const { ask } = clinic({}, composedSdl);
      expect(paths(await ask('{ beings { ... on Patient { name } } }'))).toEqual(['beings']);
      expect(await ask('{ beings { name } }', holder('robots'))).toEqual({ data: { beings: [{ name: 'P1' }, { name: 'R' }] } });
    });

    it('closes its fragment in a union', async () => {
      const { ask } = clinic();
      const result = await ask('{ things { ... on Patient { name } ... on Diary { text } } }');
      expect(result.data).toEqual({ things: [{ name: 'P1' }, { text: null }] });
      expect(paths(result)).toEqual(['things.1.text']);
    });

    it('closes one spread of a fragment and leaves another open', async () => {
      const { ask } = clinic();
      const result = await ask('{ first { ...n } patient { ...n } } fragment n on Being { name }');
      expect(result.data).toEqual({ first: { name: null }, patient: { name: 'P1' } });
    });
  });

  describe('a field that needs one that is not for everybody', () => {
    const sdl = `
    type Query { patient: Patient }
    type Patient { id: ID!
      secret: Record @requiresScopes(scopes: [["secrets"]])
      debt: Int @join__field(graph: B, requires: "secret { amount }")
      rating: Int @join__field(graph: B, requires: "debt")
      room: Int @join__field(graph: B, contextArguments: [{ context: "b__ward", name: "w", type: "Int", selection: " { head }" }])
      free: Int @join__field(graph: B, requires: "id") }
    type Record { amount: Int @authenticated }
    type Ward @context(name: "b__ward") { head: Int @policy(policies: "doctors") }`;
    const rules = authorizationRules(parse(sdl));
    const kinds = (field: string) => [...rules.checksOf('Patient', field)].map(({ kind }) => kind).toSorted();

    it('needs the same, over any number of steps and through contexts', () => {
      expect(kinds('debt')).toEqual(['authenticated', 'requiresScopes']);
      expect(kinds('rating')).toEqual(['authenticated', 'requiresScopes']);
      expect(kinds('room')).toEqual(['policy']);
      expect(kinds('free')).toEqual([]);
    });
  });

  describe('a field of an interface object', () => {
    it('needs what the interface says that it is made of', () => {
      const sdl = `
      type Query { book: Book }
      interface Media { id: ID! title: String slogan: String @join__field(graph: B, requires: "title") }
      type Book implements Media { id: ID! title: String @authenticated slogan: String @join__field }
      type Film implements Media { id: ID! title: String slogan: String @join__field }`;
      const rules = authorizationRules(parse(sdl));
      expect([...rules.checksOf('Book', 'slogan')].map(({ kind }) => kind)).toEqual(['authenticated']);
      expect(rules.checksOf('Film', 'slogan').size).toBe(0);
    });
  });

  describe('a directive under another name', () => {
    it('is the same directive', () => {
      const sdl = `schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "members", for: SECURITY)
      @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [{ name: "@requiresScopes", as: "@scopes" }]) { query: Query }
      type Query { a: Int @members b: Int @scopes(scopes: [["x"]]) c: Int }`;
      const rules = authorizationRules(parse(sdl));
      expect([...rules.checksOf('Query', 'a')]).toEqual([{ kind: 'authenticated', anyOf: [] }]);
      expect([...rules.checksOf('Query', 'b')]).toEqual([{ kind: 'requiresScopes', anyOf: [['x']] }]);
      expect(rules.checksOf('Query', 'c').size).toBe(0);
    });
  });

  describe('a policy', () => {
    it('is decided by the host, for the operations that depend on it', async () => {
      const asked: string[][] = [];
      const { ask } = clinic({
        policies: async (names) => {
          asked.push([...names]);
          return ['office hours', 'on site'];
        },
      });
      expect(await ask('{ open }')).toEqual({ data: { open: 'o' } });
      expect(await ask('{ fenced }')).toEqual({ data: { fenced: 'f' } });
      expect(asked).toEqual([['office hours', 'on site', 'emergency']]);
    });

    it('does not hold when nobody decides it, or only a part of it does', async () => {
      expect(paths(await clinic().ask('{ fenced }', holder()))).toEqual(['fenced']);
      expect(paths(await clinic({ policies: () => ['on site'] }).ask('{ fenced }'))).toEqual(['fenced']);
    });
  });

  describe('a mutation', () => {
    it('that is denied is not done, and the others of the request are', async () => {
      const { ask, asked } = clinic();
      const result = await ask('mutation { greet cure(id: 1) { name } }');
      expect(result.data).toEqual({ greet: 'hi', cure: null });
      expect(asked.map(({ query }) => query).join()).not.toContain('cure');
    });
  });

  describe('a subscription', () => {
    it('that is denied does not start', async () => {
      expect(await clinic().follow('subscription { alarms }', anybody)).toMatchObject([
        { errors: [{ path: ['alarms'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }] },
      ]);
    });

    it('has its denied fields null in every event', async () => {
      const results = await clinic().follow('subscription { vitals { name secret } }', anybody);
      expect(results).toMatchObject([{ data: { vitals: { name: 'P1', secret: null } }, errors: [{ path: ['vitals', 'secret'] }] }]);
    });

    it('loses a field with the right to it', async () => {
      const { engine } = clinic();
      const request = { document: parse('subscription { vitals { name secret } }'), operationName: undefined, variables: {} };
      expect(await liveResults(engine, request, holder('secrets'), holder())).toMatchObject([
        { data: { vitals: { name: 'P1', secret: null } } },
      ]);
    });
  });

  describe('by configuration', () => {
    it('an operation with a denied field is refused as a whole', async () => {
      const { ask, asked } = clinic({ mode: 'reject' });
      const result = await ask('{ open patient { secret } }');
      expect(result.data).toBeUndefined();
      expect(paths(result)).toEqual(['patient.secret']);
      expect(asked).toEqual([]);
      expect(await ask('{ open }')).toEqual({ data: { open: 'o' } });
    });

    it('everything goes on, and what would be denied is told', async () => {
      const { ask, told } = clinic({ mode: 'dry-run' });
      expect(await ask('{ patients { secret } }')).toEqual({ data: { patients: [{ secret: 'hidden' }, { secret: 'hidden' }] } });
      expect(told.map(({ coordinate, path }) => [coordinate, path])).toEqual([['Patient.secret', ['patients', 'secret']]]);
    });

    it('a denial is told in other words', async () => {
      const { ask } = clinic({
        textOf: ({ isAuthenticated }) => ({ message: 'No.', code: isAuthenticated ? 'FORBIDDEN' : 'UNAUTHENTICATED' }),
      });
      expect(codes(await ask('{ report }'))).toEqual(['UNAUTHENTICATED']);
      expect(codes(await ask('{ report }', holder()))).toEqual(['FORBIDDEN']);
    });
  });

  describe('a deferred part', () => {
    it.each([
      '{ patient { name ... @defer { secret } } }',
      '{ patient { name ... @defer { secret friend { name } } } }',
      '{ open ... @defer { report } }',
    ])('hides what is denied: %s', async (text) => {
      const { engine, asked } = clinic();
      const answer = await engine.executeIncrementally({ document: parse(text), operationName: undefined, variables: {} }, anybody, never);
      const told: unknown[] = [answer.result];
      if (answer.kind === 'begun') for await (const later of answer.subsequent) told.push(later);
      expect(JSON.stringify(told)).not.toMatch(/hidden|"report":"r"/);
      expect(JSON.stringify(told)).toContain('UNAUTHORIZED_FIELD_OR_TYPE');
      expect(asked.map(({ query }) => query).join()).not.toMatch(/secret|report/);
    });
  });

  describe('introspection', () => {
    it('is not judged', async () => {
      const { ask } = clinic();
      expect(await ask('{ __type(name: "Robot") { name } report }')).toMatchObject({ data: { __type: { name: 'Robot' }, report: null } });
    });
  });

  describe('plans', () => {
    it('are shared by everybody for whom the same is denied', async () => {
      const { engine } = clinic();
      const request = { document: parse('{ patient { secret } }'), operationName: undefined, variables: {} };
      for (const claims of [holder('a'), holder('b'), holder('secrets'), holder('secrets', 'c'), holder('d')])
        await engine.execute(request, claims, never);
      expect(engine.planCounts()).toEqual({ hits: 3, misses: 2, size: 1 });
    });
  });
});
