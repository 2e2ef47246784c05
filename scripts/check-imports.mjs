// Who may import whom, and that every import is declared. `node scripts/check-imports.mjs [root]` prints the faults and fails when there are any.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

/** Layer by folder; the first that fits counts. */
const layers = [
  ['engine', 'gateway/src/engine/'],
  ['gateway', 'gateway/'],
  ['subgraph', 'subgraphs/'],
  ['platform', 'platform/'],
  ['events', 'schema/events/'],
  ['generated', 'schema/generated/'],
  ['standalone', 'standalone/'],
  ['deploy', 'deploy/'],
  ['tests', 'tests/'],
  ['root', ''],
];

/** Beside its own files and npm packages. What isn't named here is forbidden. */
const mayImport = {
  engine: [],
  gateway: ['platform'],
  subgraph: ['platform', 'events', 'generated'],
  platform: [],
  events: [],
  generated: [],
  standalone: ['platform', 'events', 'generated', 'subgraph', 'gateway'],
  deploy: ['platform', 'events', 'generated', 'standalone'],
  tests: ['platform', 'events', 'generated', 'subgraph', 'gateway', 'standalone', 'deploy'],
  root: ['platform', 'events', 'generated', 'subgraph', 'gateway', 'standalone', 'deploy', 'tests'],
};

const skippedFolders = new Set(['node_modules', 'dist', 'fixtures']);

/**
 * @typedef {{ file: string, line: number, specifier: string, rule: string, why: string }} Fault
 * @typedef {{ name: string, folder: string, layer: string, declared: Set<string> }} Workspace
 */

/**
 * Every import in the tree at `root` that breaks a rule, in the order of files and lines. Reads files only.
 * Rules: `undeclared`, `leaves-workspace`, `leaves-engine`, `not-public`, or `<layer>-imports-<layer>`.
 * @param {string} root
 * @returns {Fault[]}
 */
export function checkImports(root) {
  const workspaces = workspacesOf(root);
  return sourceFiles(root).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    return importsOf(file, source).flatMap(({ specifier, start }) => {
      const fault = judge(file, specifier, workspaces);
      const line = source.slice(0, start).split('\n').length;
      return fault === undefined ? [] : [{ file, line, specifier, ...fault }];
    });
  });
}

/** @param {string} file @param {string} specifier @param {Workspace[]} workspaces */
function judge(file, specifier, workspaces) {
  if (isBuiltin(specifier)) return undefined;
  const own = workspaces.find(({ folder }) => file.startsWith(folder));
  if (own === undefined) throw new Error(`${file} belongs to no workspace`);
  return specifier.startsWith('.') ? judgeRelative(file, specifier, own, workspaces) : judgePackage(file, specifier, own, workspaces);
}

function judgeRelative(file, specifier, own, workspaces) {
  const target = join(dirname(file), specifier).split(sep).join('/');
  const there = workspaces.find(({ folder }) => target.startsWith(folder));
  if (own.layer === 'tests' && target.startsWith('scripts/')) return undefined;
  if (target.startsWith('../') || there !== own) {
    return { rule: 'leaves-workspace', why: 'a relative import stays in its workspace; import the other one by its package name' };
  }
  if (layerOf(file) === 'engine' && layerOf(target) !== 'engine' && !isTest(file)) {
    return { rule: 'leaves-engine', why: 'the engine knows nothing of the gateway around it; pass it in' };
  }
  return undefined;
}

function judgePackage(file, specifier, own, workspaces) {
  const name = packageName(specifier);
  const target = workspaces.find((workspace) => workspace.name === name);
  const from = layerOf(file);
  if (target !== undefined && target !== own && !allowed(from, target, file)) {
    return {
      rule: `${from}-imports-${target.layer}`,
      why: `${from} may import only ${['its own', ...mayImport[from], 'npm packages'].join(', ')}`,
    };
  }
  if (target !== undefined && specifier.split('/').some((part) => part === 'src' || part === 'dist')) {
    return { rule: 'not-public', why: 'only what the package exports may be imported' };
  }
  if (!isDeclared(name, file, own, target, workspaces)) {
    return { rule: 'undeclared', why: `add ${name} to the dependencies in ${own.folder}package.json` };
  }
  return undefined;
}

function allowed(from, target, file) {
  return mayImport[from].includes(target.layer) || (target.layer === 'tests' && isTest(file));
}

/** Tests, and the files of the tests workspace, may use the root's tools and the test kit; the root may use every workspace. */
function isDeclared(name, file, own, target, workspaces) {
  if (name === own.name || own.declared.has(name)) return true;
  if (own.layer === 'root') return target !== undefined;
  if (!isTest(file) && own.layer !== 'tests') return false;
  const root = workspaces.find(({ layer }) => layer === 'root');
  return target?.layer === 'tests' || root?.declared.has(name) === true;
}

/** @param {string} root @returns {Workspace[]} deepest folder first, the root (folder '') last */
function workspacesOf(root) {
  const { workspaces = [] } = readPackage(root, '');
  const folders = workspaces
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
  return [...folders.map((folder) => `${folder.split(sep).join('/')}/`).toSorted((a, b) => b.length - a.length), ''].map((folder) => {
    const { name, dependencies, devDependencies, peerDependencies, optionalDependencies } = readPackage(root, folder);
    const declared = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies, ...devDependencies });
    return { name, folder, layer: layerOf(folder), declared: new Set(declared) };
  });
}

function readPackage(root, folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

function sourceFiles(root, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory()) return entry.name.startsWith('.') || skippedFolders.has(entry.name) ? [] : sourceFiles(root, `${path}/`);
      return /\.(ts|mts|mjs|js)$/.test(entry.name) ? [path] : [];
    });
}

/** Imports, re-exports and dynamic imports of a literal; types too. */
function importsOf(file, source) {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} can't be parsed: ${errors[0]?.message}`);
  const named = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)].flatMap(({ moduleRequest }) =>
    moduleRequest ? [{ specifier: moduleRequest.value, start: moduleRequest.start }] : [],
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const literal = /^(['"`])([^$]*)\1$/.exec(source.slice(start, end));
    return literal?.[2] === undefined ? [] : [{ specifier: literal[2], start }];
  });
  // A re-export of three names is one import.
  return [...new Map([...named, ...dynamic].map((found) => [found.start, found])).values()].toSorted((a, b) => a.start - b.start);
}

function layerOf(path) {
  return layers.find(([, folder]) => path.startsWith(folder))?.[0] ?? 'root';
}

function isTest(file) {
  return file.endsWith('.test.ts') || file.includes('/tests/');
}

function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));
  const faults = checkImports(root);
  for (const { file, line, specifier, rule, why } of faults)
    console.error(`${relative('.', join(root, file))}:${line} imports '${specifier}': ${rule} (${why})`);
  if (faults.length > 0) process.exitCode = 1;
}
