import { parse, print, validate, visit, type ExecutionResult, type SelectionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isObject, mergeInto, own, type JsonObject } from '../../src/engine/json.js';
import type { IncrementalResult } from '../../src/engine/graph-engine.js';
import { bothEngines, type BothEngines } from './both-engines.js';
import type { Mood } from './fake-subgraph.js';
import { randomOperation } from './random-operation.js';
import { choices, type Choices } from './seeded.js';
import { shopSupergraph, town, warehouse, zoo } from './supergraphs.js';

/** Operations that mean the same, as no other engine answers both. */
const OPERATIONS = 150;
const calm: Mood = { seed: 'calm', nullEvery: 0, errorEvery: 0, isUniform: true };
const troubled: Mood = { seed: 'troubled', nullEvery: 20, errorEvery: 60 };

describe.each([shopSupergraph(), zoo(), warehouse(), town()])('random operations over $name', ({ name, ...supergraph }) => {
  const engines = bothEngines({ name, ...supergraph });
  const operations = (seed: string, rewrite: (text: string, choose: Choices) => string) =>
    Array.from({ length: OPERATIONS }, (_, n) => {
      const operation = randomOperation(engines.apiSchema, `${seed}:${name}:${n}`, { maxFields: 16, withConditions: true });
      const other = operation && rewrite(operation.text, choices(`${seed}:${n}`));
      if (!operation || !other || validate(engines.apiSchema, parse(other)).length > 0 || !isPlanned(engines, operation.text)) return [];
      return [{ text: operation.text, other, variables: operation.variables[0] ?? {} }];
    }).flat();

  it('have the same answer when their aliases are the names of keys and other fields', async () => {
    let compared = 0;
    for (const { text, other, variables } of operations('names', withOtherAliases))
      for (const mood of [calm, troubled]) {
        const [first, second] = [await engines.ours(parse(text), variables, mood), await engines.ours(parse(other), variables, mood)];
        expect({ other, values: values(second.data) }).toEqual({ other, values: values(first.data) });
        expect(second.errors?.length, other).toBe(first.errors?.length);
        compared++;
      }
    expect(compared).toBeGreaterThan(OPERATIONS / 2);
  }, 120_000);

  it('have the same answer when parts of it are deferred', async () => {
    let later = 0;
    for (const { text, other, variables } of operations('defer', withDefer)) {
      const whole = await engines.ours(parse(text), variables, calm);
      const parts = await engines.oursIncrementally(parse(other), variables, calm);
      const { merged, count } = await puttingTogether(parts);
      later += count;
      expect({ other, ...sorted(merged) }).toEqual({ other, ...sorted(whole) });
    }
    expect(later).toBeGreaterThan(20);
  }, 120_000);
});

/** Apollo's planner cannot do a few. */
function isPlanned(engines: BothEngines, text: string): boolean {
  try {
    engines.plan(parse(text));
    return true;
  } catch {
    return false;
  }
}

/** Names that keys and required fields of the supergraphs have, and the type name. */
const taken = ['id', 'sku', 'code', 'title', '__typename', 'plot', 'chip', 'number', 'country', 'name', 'dimensions', 'width', 'volume'];

/** Each such name once, and where the operation does not have it yet. */
function withOtherAliases(text: string, choose: Choices): string {
  const names = new Set<string>();
  const document = parse(text);
  visit(document, { Field: ({ name, alias }) => void names.add((alias ?? name).value) });
  const free = taken.filter((name) => !names.has(name));
  const given = new Map<string, string>();
  return print(
    visit(document, {
      Field: ({ alias, ...field }) => {
        if (!alias) return undefined;
        const name = given.get(alias.value) ?? (free.splice(choose.below(free.length || 1), 1)[0] || alias.value);
        given.set(alias.value, name);
        return { ...field, alias: { ...alias, value: name } };
      },
    }),
  );
}

function withDefer(text: string, choose: Choices): string {
  const defer = parse('{ ... @defer { x } }').definitions.flatMap((each) =>
    'selectionSet' in each ? each.selectionSet.selections : [],
  )[0];
  const deferred = (selection: SelectionNode): SelectionNode => {
    if (defer?.kind !== 'InlineFragment' || !choose.isTrue(0.15)) return selection;
    return { ...defer, selectionSet: { ...defer.selectionSet, selections: [selection] } };
  };
  return print(visit(parse(text), { SelectionSet: { leave: (set) => ({ ...set, selections: set.selections.map(deferred) }) } }));
}

/** The values of a response in its order, without what they are called. */
function values(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(values);
  return isObject(data) ? Object.values(data).map(values) : data;
}

async function puttingTogether(answer: IncrementalResult): Promise<{ merged: ExecutionResult; count: number }> {
  const merged: { data: JsonObject | null; errors: unknown[] } = structuredClone({
    data: isObject(answer.result.data) ? answer.result.data : null,
    errors: [...(answer.result.errors ?? [])].map(({ path }) => ({ path })),
  });
  let count = 0;
  if (answer.kind === 'begun')
    for await (const { incremental = [] } of answer.subsequent)
      for (const { path, data, errors = [] } of incremental) {
        count++;
        const target = path.reduce(
          (value: unknown, key) => (Array.isArray(value) ? value[Number(key)] : isObject(value) ? own(value, String(key)) : null),
          merged.data,
        );
        if (isObject(target) && data) mergeInto(target, data, true);
        merged.errors.push(...errors.map(({ path: where }) => ({ path: where })));
      }
  return { merged: merged as ExecutionResult, count };
}

function sorted({ data, errors = [] }: ExecutionResult) {
  // What is asked both now and later may be told of twice.
  return { data: byName(data), errors: new Set(errors.map(({ path }) => path?.join('.'))) };
}

function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((key) => [key, byName(own(value, key))]),
  );
}
