import { parse, type DocumentNode, type ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { WrittenResult } from '../../src/engine/written-result.js';
import { bothEngines, difference, type BothEngines } from './both-engines.js';
import type { Mood } from './fake-subgraph.js';
import { keptRegressions, keepRegression, type Regression } from './regressions.js';
import { randomOperation } from './random-operation.js';
import { shrunk } from './shrink.js';
import { library, press, shopSupergraph, town, warehouse, zoo } from './supergraphs.js';

/**
 * How many operations; each runs three times: all well, some nulls and errors, many of them. Few and
 * small ones where the planner takes long. Of those where all is well at least this share is answered by texts.
 */
const supergraphs = [
  { ...shopSupergraph(), operations: 1_000, taste: { maxFields: 48, withConditions: true }, leastOfTexts: 0.7 },
  { ...zoo(), operations: 1_000, taste: { maxFields: 48, withConditions: true }, leastOfTexts: 0.5 },
  { ...warehouse(), operations: 700, taste: { maxFields: 48, withConditions: true }, leastOfTexts: 0.7 },
  { ...town(), operations: 400, taste: { maxFields: 16, withConditions: true }, leastOfTexts: 0.5 },
  { ...press(), operations: 500, taste: { maxFields: 24, withConditions: true }, leastOfTexts: 0.3 },
  { ...library(), operations: 100, taste: { maxFields: 10, withConditions: true }, leastOfTexts: 0.05 },
];

describe.each(supergraphs)('over $name', ({ operations, taste, leastOfTexts, ...supergraph }) => {
  const engines = bothEngines(supergraph);

  it.each(keptRegressions(supergraph.name))('an operation that once failed is answered as by Apollo: $text', async (kept) => {
    expect(await faultOf(engines, kept)).toBeNull();
  });

  it(`${operations} random operations are answered as by Apollo, data and places of errors`, async () => {
    const faults: Regression[] = [];
    let [compared, withData, withErrors, ofTexts] = [0, 0, 0, 0];
    for (let seed = 0; compared < operations && seed < operations * 4; seed++) {
      const operation = randomOperation(engines.apiSchema, `${supergraph.name}:${seed}`, taste);
      const document = operation && parse(operation.text);
      if (!document || !isPlanned(engines, document)) continue;
      compared++;
      for (const [run, variables] of operation.variables.entries()) {
        const mood: Mood = { seed: `${seed}:${run}`, nullEvery: [0, 25, 8][run] ?? 0, errorEvery: [0, 60, 20][run] ?? 0 };
        const ours = await engines.ours(document, variables, mood);
        const inTexts = await engines.oursInTexts(document, variables, mood);
        if (inTexts instanceof WrittenResult && run === 0) ofTexts++;
        const fault = difference(ours, await engines.stock(document, variables, mood)) ?? textDifference(inTexts, ours);
        if (ours.data && run === 0) withData++;
        if (ours.errors && run === 2) withErrors++;
        if (fault) faults.push({ text: operation.text, variables, mood });
      }
      if (faults.length > 0) break;
    }
    const [fault] = faults;
    if (fault) expect.fail(await smallest(engines, supergraph.name, fault));
    expect(compared).toBe(operations);
    expect(withData).toBeGreaterThan(operations * 0.9);
    expect(withErrors).toBeGreaterThan(operations / 10);
    expect(ofTexts).toBeGreaterThan(operations * leastOfTexts);
  }, 180_000);
});

/** Shrinks what fails, keeps it with the regressions of the supergraph, and tells of it. */
async function smallest(engines: BothEngines, name: string, found: Regression): Promise<string> {
  const fails = async (text: string) => (await faultOf(engines, { ...found, text })) !== null;
  const kept = { ...found, text: await shrunk(found.text, engines.apiSchema, fails) };
  const file = keepRegression(name, kept);
  return [await faultOf(engines, kept), kept.text, JSON.stringify(kept.variables), engines.explain(kept.text), `kept in ${file}`].join(
    '\n',
  );
}

async function faultOf(engines: BothEngines, { text, variables, mood }: Regression): Promise<string | null> {
  const document = parse(text);
  if (!isPlanned(engines, document)) return null;
  const ours = await engines.ours(document, variables, mood);
  return (
    difference(ours, await engines.stock(document, variables, mood)) ??
    textDifference(await engines.oursInTexts(document, variables, mood), ours)
  );
}

/** To the last character. */
function textDifference(inTexts: ExecutionResult, ours: ExecutionResult): string | null {
  const [text, expected] = [inTexts instanceof WrittenResult ? inTexts.text : JSON.stringify(inTexts), JSON.stringify(ours)];
  return text === expected ? null : `Put together of texts it is another:\n  texts:  ${text}\n  values: ${expected}`;
}

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
