import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const jsonOf = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

const lockfileSchema = z.object({ packages: z.record(z.string(), z.object({ resolved: z.string().optional() })) });
const projectSchema = z.object({ references: z.array(z.object({ path: z.string() })).default([]) });
const packageSchema = z.object({ name: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });

const workspaces = z
  .object({ workspaces: z.array(z.string()) })
  .parse(jsonOf('package.json'))
  .workspaces.flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter((folder) => existsSync(join(root, folder, 'package.json')));

test('the lockfile names no registry, so that everybody installs from their own', () => {
  const { packages } = lockfileSchema.parse(jsonOf('package-lock.json'));
  const elsewhere = Object.values(packages).flatMap(({ resolved }) => (resolved?.includes('://') ? [resolved] : []));
  expect(elsewhere).toEqual([]);
});

test('no file holds a path of one machine', () => {
  const home = /(?<![\w./-])\/(home|Users)\/\w/;
  const found = textFiles().filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return text.includes(`${root}/`) || home.test(text);
  });
  expect(found).toEqual([]);
});

describe.each(['tsconfig.json', 'tsconfig.tests.json'])('%s', (file) => {
  test('refers to every workspace', () => {
    expect(workspaces.filter((folder) => !referencesOf(file).includes(folder))).toEqual([]);
  });
});

test('tsc -b checks the tests too', () => {
  expect(referencesOf('tsconfig.json')).toContain('tsconfig.tests.json');
});

test.each(workspaces)('%s refers to the workspaces that it depends on, so that they are built first', (folder) => {
  const folderOf = new Map(workspaces.map((other) => [packageOf(other).name, other]));
  const needed = Object.keys(packageOf(folder).dependencies).flatMap((name) => folderOf.get(name) ?? []);
  const known = referencesOf(join(folder, 'tsconfig.json')).map((path) => normalize(path));
  expect(needed.filter((other) => !known.includes(other))).toEqual([]);
});

function packageOf(folder: string): z.infer<typeof packageSchema> {
  return packageSchema.parse(jsonOf(join(folder, 'package.json')));
}

/** Relative to the root. */
function referencesOf(file: string): string[] {
  return projectSchema.parse(jsonOf(file)).references.map(({ path }) => join(file, '..', path));
}

function textFiles(): string[] {
  const built = new Set(['node_modules', 'dist', '.git', '.shop', '.cache']);
  return globSync(['**/*.{ts,mts,mjs,js,json,yml,yaml,md,graphql,css,html,csv,ndjson}', '.env.template', '.ci/*'], {
    cwd: root,
    exclude: (path) => path.split(sep).some((part) => built.has(part)),
  });
}
