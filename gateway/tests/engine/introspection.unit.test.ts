import { buildClientSchema, getIntrospectionQuery, parse, printType, type IntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGraphEngine } from '../../src/engine/graph-engine.js';
import type { JsonObject } from '../../src/engine/json.js';
import { composed } from './supergraphs.js';

const { supergraphSdl } = composed('tides', {
  tides: `
    scalar Instant @specifiedBy(url: "https://example.org/instant")
    enum State { HIGH LOW SLACK @deprecated(reason: "never seen") }
    input At { instant: Instant, place: String = "here" @deprecated(reason: "ask for the port") }
    type Query { tide(at: At = { place: "there" }, old: Int @deprecated(reason: "gone")): State  next: Instant }`,
});

const never = new AbortController().signal;
/** Answers of a subgraph that is there for `next` only. */
const fetcher = { execute: async () => ({ data: { next: 'soon' } }), subscribe: async () => ({ data: null }) };

describe('introspection', () => {
  const engine = createGraphEngine<null>({ supergraphSdl, fetchers: new Map([['tides', fetcher]]) });
  const run = (text: string, variables: JsonObject = {}) =>
    engine.execute({ document: parse(text), operationName: undefined, variables }, null, never);

  it('tells all that tools ask for', async () => {
    const everything = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const { data, errors } = await run(everything);
    expect(errors).toBeUndefined();
    const schema = buildClientSchema(data as unknown as IntrospectionQuery);
    const printed = ['Instant', 'State', 'At', 'Query'].map((name) => {
      const type = schema.getType(name);
      return type ? printType(type) : name;
    });
    expect(printed.join('\n')).toBe(`scalar Instant @specifiedBy(url: "https://example.org/instant")
enum State {
  HIGH
  LOW
  SLACK @deprecated(reason: "never seen")
}
input At {
  instant: Instant
  place: String = "here" @deprecated(reason: "ask for the port")
}
type Query {
  tide(at: At = {place: "there"}, old: Int @deprecated(reason: "gone")): State
  next: Instant
}`);
  });

  it('goes along with what subgraphs answer, in fragments and by variables', async () => {
    const text = `query ($name: String!) { next ...Root }
      fragment Root on Query { type: __type(name: $name) { ...Shown } }
      fragment Shown on __Type { name isOneOf }`;
    expect(await run(text, { name: 'At' })).toEqual({ data: { next: 'soon', type: { name: 'At', isOneOf: false } } });
  });
});
