// Every variable that a config.ts reads stands in the README beside it and in .env.template. `node scripts/check-env.mjs [root]`
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'vite';

/**
 * The variables that lack a mention, as sentences; empty when all is well. A variable is a property in capitals that config.ts
 * reads or declares (`env.PORT`, `PORT: z.string()`).
 * @param {string} root
 * @returns {string[]}
 */
export function checkEnv(root) {
  const template = textOf(join(root, '.env.template'));
  return globSync(['subgraphs/*/src/config.ts', 'gateway/src/config.ts', 'standalone/src/config.ts'], { cwd: root }).flatMap((file) => {
    const folder = dirname(dirname(file));
    const readme = textOf(join(root, folder, 'README.md'));
    return variablesOf(file, textOf(join(root, file))).flatMap((name) => [
      ...(mentions(readme, name) ? [] : [`${file} reads ${name}, which ${folder}/README.md doesn't name`]),
      ...(mentions(template, name) ? [] : [`${file} reads ${name}, which .env.template doesn't name`]),
    ]);
  });
}

function variablesOf(file, source) {
  const names = new Set();
  const collect = (node) => {
    const name = node.type === 'Literal' ? node.value : node.name;
    if (typeof name === 'string' && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name) && name.length > 1) names.add(name);
  };
  new Visitor({
    Property: ({ key }) => collect(key),
    MemberExpression: ({ property }) => collect(property),
  }).visit(parseSync(file, source).program);
  return [...names].toSorted();
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
