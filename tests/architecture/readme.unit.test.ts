import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { parseEnv } from 'node:util';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig } from '@shop/standalone/config';
import { readNdjson } from '@shop/standalone/import/ndjson';
import { readImportConfig } from '@shop/standalone/import-config';
import { DEMO_PASSWORD, demoSignIns } from '@shop/standalone/sample-data/demo-people';

const root = join(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = textOf('README.md');
const documents = [
  'README.md',
  ...globSync('docs/**/*.md', { cwd: root }),
  ...globSync('{gateway,standalone}/**/README.md', { cwd: root, exclude: (path) => path.includes('node_modules') }),
  ...globSync('subgraphs/*/README.md', { cwd: root }),
].toSorted();

test.each(documents)('every relative link in %s leads to a file', (file) => {
  const dead = linksOf(textOf(file)).filter((link) => !existsSync(join(root, dirname(file), link)));
  expect(dead).toEqual([]);
});

test.each(documents)('every npm command in %s is a script of package.json', (file) => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(textOf('package.json')));
  const named = [...textOf(file).matchAll(/npm (?:run ([a-z][a-z0-9:]*)|(start|test)\b)/g)].map(([, script, short]) => script ?? short);
  expect(named.filter((script) => script === undefined || !(script in scripts))).toEqual([]);
});

describe('the README', () => {
  test('names the demo sign-ins and their password', () => {
    for (const { email } of demoSignIns) expect(readme).toContain(`\`${email}\``);
    expect(readme).toContain(`\`${DEMO_PASSWORD}\``);
  });

  test('asks the graph only what the schema of clients has', () => {
    const schema = buildSchema(textOf('schema/api.graphql'), { assumeValidSDL: true });
    const bodies = [...readme.matchAll(/-d '([^']+)'/g)].map(([, body]) => z.object({ query: z.string() }).parse(JSON.parse(body ?? '')));
    expect(bodies).not.toHaveLength(0);
    for (const { query } of bodies) expect(validate(schema, parse(query))).toEqual([]);
  });

  test('imports products that the import understands', async () => {
    const lines = [...readme.matchAll(/echo '([^']+)' > \S+\.ndjson/g)].map(([, line]) => line);
    const kinds: string[] = [];
    for await (const { kind } of readNdjson(Readable.from([lines.join('\n')]), 'EUR')) kinds.push(kind);
    expect(kinds).toEqual(['product']);
  });
});

test('the values in .env.template are the defaults', () => {
  // These have no default: their lines are examples.
  const {
    FAILPOINT: _,
    METRICS_PORT: _metrics,
    STRIPE_SECRET_KEY: _key,
    STRIPE_WEBHOOK_SECRETS: _secrets,
    ...template
  } = parseEnv(textOf('.env.template').replaceAll(/^# (?=[A-Z_]+=)/gm, ''));
  expect(readConfig(template, [])).toEqual(readConfig({}, []));
  expect(readImportConfig(template)).toEqual(readImportConfig({}));
});

const topics = [/owns/i, /borrows/i, /emits|announces/i, /consumes/i, /variables|configuration/i, /when it breaks/i];

test.each(globSync('subgraphs/*', { cwd: root }))(
  'the README of %s says what it owns, exchanges and needs, and when it breaks',
  (folder) => {
    const text = textOf(join(folder, 'README.md'));
    expect(topics.filter((topic) => !topic.test(text))).toEqual([]);
  },
);

/** Targets inside the repository, without the heading that they point to. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}
