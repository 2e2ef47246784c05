import { parse, type DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bothEngines, difference, type BothEngines } from './both-engines.js';
import type { Mood } from './fake-subgraph.js';
import { randomOperation } from './random-operation.js';
import { library, shopSupergraph, warehouse, zoo } from './supergraphs.js';

/**
 * How many operations; each runs three times: all well, some nulls and errors, many of them. Few where interface objects are:
 * they take the planner long.
 */
const supergraphs = [
  { ...shopSupergraph(), operations: 500, taste: { maxFields: 48, withConditions: true } },
  { ...zoo(), operations: 400, taste: { maxFields: 48, withConditions: true } },
  { ...warehouse(), operations: 400, taste: { maxFields: 48, withConditions: true } },
  { ...library(), operations: 100, taste: { maxFields: 10, withConditions: true } },
];

describe.each(supergraphs)('$operations random operations over $name', ({ operations, taste, ...supergraph }) => {
  const engines = bothEngines(supergraph);

  it('are answered as by Apollo, data and places of errors', async () => {
    const faults: string[] = [];
    let [compared, withData, withErrors] = [0, 0, 0];
    for (let seed = 0; compared < operations && seed < operations * 4; seed++) {
      const operation = randomOperation(engines.apiSchema, `${supergraph.name}:${seed}`, taste);
      const document = operation && parse(operation.text);
      if (!document || !isPlanned(engines, document)) continue;
      compared++;
      for (const [run, variables] of operation.variables.entries()) {
        const mood: Mood = { seed: `${seed}:${run}`, nullEvery: [0, 25, 8][run] ?? 0, errorEvery: [0, 60, 20][run] ?? 0 };
        const ours = await engines.ours(document, variables, mood);
        const fault = difference(ours, await engines.stock(document, variables, mood));
        if (ours.data && run === 0) withData++;
        if (ours.errors && run === 2) withErrors++;
        if (fault)
          faults.push(
            `seed ${seed}, run ${run}: ${fault}\n${operation.text}\n${JSON.stringify(variables)}\n${engines.explain(operation.text)}`,
          );
      }
    }
    expect(faults.slice(0, 3).join('\n\n')).toBe('');
    expect(compared).toBe(operations);
    expect(withData).toBeGreaterThan(operations * 0.9);
    expect(withErrors).toBeGreaterThan(operations / 10);
  });
});

/** A few operations are more than Apollo's planner can do; both engines refuse those. */
function isPlanned(engines: BothEngines, document: DocumentNode): boolean {
  try {
    engines.plan(document);
    return true;
  } catch {
    return false;
  }
}

it('keys of one name and two types are told apart as by Apollo', async () => {
  const engines = bothEngines(zoo());
  const document = parse('{ things { __typename ... on Cat { seenAt { code } } ... on Stone { weight foundAt { code } } } }');
  let stones = 0;
  for (let seed = 0; seed < 50; seed++) {
    const mood: Mood = { seed: String(seed), nullEvery: 25, errorEvery: 0 };
    const ours = await engines.ours(document, {}, mood);
    expect(difference(ours, await engines.stock(document, {}, mood))).toBeNull();
    if (/"weight":\d/.test(JSON.stringify(ours.data))) stones++;
  }
  expect(stones).toBeGreaterThan(5);
});
