import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const regressionSchema = z.object({
  text: z.string(),
  variables: z.record(z.string(), z.unknown()),
  mood: z.object({ seed: z.string(), nullEvery: z.number(), errorEvery: z.number() }),
});

/** An operation that was answered otherwise than by Apollo, with what it was asked under. */
export type Regression = z.infer<typeof regressionSchema>;

/** Those of a supergraph, oldest first. */
export function keptRegressions(supergraph: string): Regression[] {
  const file = fileOf(supergraph);
  return existsSync(file) ? z.array(regressionSchema).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

/** Adds one, for good: the file is committed with what makes it right. Returns the file. */
export function keepRegression(supergraph: string, regression: Regression): string {
  const file = fileOf(supergraph);
  const known = keptRegressions(supergraph).filter(({ text }) => text !== regression.text);
  mkdirSync(new URL('regressions/', import.meta.url), { recursive: true });
  writeFileSync(file, `${JSON.stringify([...known, regression], null, 2)}\n`);
  return file;
}

function fileOf(supergraph: string): string {
  return fileURLToPath(new URL(`regressions/${supergraph.replaceAll(/\W+/g, '-')}.json`, import.meta.url));
}
