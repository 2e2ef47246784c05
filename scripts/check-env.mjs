// Every variable that a config.ts reads stands in the README beside it and in .env.template. `node scripts/check-env.mjs [root]`
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'vite';

/**
 * The variables that lack a mention, as sentences; empty when all is well. A variable is a property in capitals that a config file
 * reads or declares (`env.PORT`, `PORT: z.string()`), or one of a group that it takes over (`...busVariables`) from the
 * platform or from another config file. It is named in the nearest README above the file.
 * @param {string} root
 * @returns {string[]}
 */
export function checkEnv(root) {
  const template = textOf(join(root, '.env.template'));
  return configFiles(root).flatMap((file) => {
    const readme = readmeOf(root, file);
    const text = textOf(join(root, readme));
    return variablesRead(root, file).flatMap((name) => [
      ...(mentions(text, name) ? [] : [`${file} reads ${name}, which ${readme} doesn't name`]),
      ...(mentions(template, name) ? [] : [`${file} reads ${name}, which .env.template doesn't name`]),
    ]);
  });
}

/**
 * The variables that one config file reads, those of the groups that it takes over included.
 * @param {string} root
 * @param {string} file
 * @returns {string[]}
 */
export function variablesRead(root, file) {
  const groups = ['platform/src/config.ts', ...configFiles(root)].flatMap((config) => groupsOf(textOf(join(root, config))));
  return variablesOf(file, textOf(join(root, file)), new Map(groups));
}

function configFiles(root) {
  return globSync(['{subgraphs/*,gateway,standalone,deploy}/src/**/{config,*-config}.ts'], { cwd: root }).toSorted();
}

function readmeOf(root, file) {
  let folder = dirname(file);
  while (!existsSync(join(root, folder, 'README.md')) && folder.split('/').length > (folder.startsWith('subgraphs/') ? 2 : 1))
    folder = dirname(folder);
  return join(folder, 'README.md');
}

/** Pairs of the name of a group, `export const …Variables = { … }`, and the names of its variables and of the groups in it. */
function groupsOf(source) {
  const groups = [];
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.name?.endsWith('Variables') && init?.type === 'ObjectExpression')
        groups.push([
          id.name,
          init.properties.flatMap(({ key, argument }) => (argument ? [argument.name] : isVariable(key.name) ? [key.name] : [])),
        ]);
    },
  }).visit(parseSync('config.ts', source).program);
  return groups;
}

function variablesOf(file, source, shared) {
  const names = new Set();
  const collect = (node) => {
    const name = node.type === 'Literal' ? node.value : node.name;
    if (isVariable(name)) names.add(name);
  };
  new Visitor({
    Property: ({ key }) => collect(key),
    MemberExpression: ({ property }) => collect(property),
    SpreadElement: ({ argument }) => variablesIn(argument.name, shared).forEach((name) => names.add(name)),
  }).visit(parseSync(file, source).program);
  return [...names].toSorted();
}

/** Of a group with the groups in it. */
function variablesIn(group, shared) {
  return (shared.get(group) ?? []).flatMap((name) => (isVariable(name) ? [name] : variablesIn(name, shared)));
}

function isVariable(name) {
  return typeof name === 'string' && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name) && name.length > 1;
}

function mentions(text, name) {
  return new RegExp(`(^|[^A-Z0-9_])${name}([^A-Z0-9_]|$)`, 'm').test(text);
}

function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = checkEnv(resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..')));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
