// One line on the suites that `npm test` leaves out.
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const exclude = (name) => /(^|\/)(node_modules|dist|\.cache)$/.test(name);
const suites = globSync('**/*.{stores,faults}.test.ts', { cwd: root, exclude }).map((file) =>
  file
    .split('/')
    .at(-1)
    .replace(/\.(stores|faults)\.test\.ts$/, ''),
);
console.log(
  `Left out, since they need real servers (npm run servers -- install): ${suites.length} suites of npm run test:stores ` +
    `(${suites.toSorted().join(', ')}) and the scenarios of npm run test:stack.`,
);
