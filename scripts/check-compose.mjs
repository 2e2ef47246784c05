// Loads docker-compose.yml with docker's own loader (deploy/compose-check, needs Go), every variable that must be set being set to something.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'docker-compose.yml');
const required = [...readFileSync(file, 'utf8').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => [name, 'set']);
const { status, error } = spawnSync('go', ['run', '.', file], {
  cwd: join(root, 'deploy/compose-check'),
  env: { ...process.env, ...Object.fromEntries(required) },
  stdio: 'inherit',
});
if (error) console.error(`Go is needed: ${error.message}`);
process.exitCode = status ?? 1;
