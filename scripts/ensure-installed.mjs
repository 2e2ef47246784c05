// Runs on a bare Node >= 20.19, before anything is installed: `npm ci` when node_modules isn't what the lockfile says.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockfile = join(root, 'package-lock.json');
// npm writes this file last: an interrupted installation leaves none.
const installed = join(root, 'node_modules', '.package-lock.json');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old; 20.19 or newer is needed.`);
  process.exit(1);
}
if (!existsSync(installed) || isOutdated(packagesOf(installed), packagesOf(lockfile))) install();

/** By content, not by age: a checkout or a copy touches files without changing them. */
function isOutdated(present, wanted) {
  return Object.entries(wanted).some(([path, { version, integrity, optional }]) => {
    const found = present[path];
    // The root has no entry there, and an optional package may be one for other machines.
    if (path === '' || (found === undefined && optional)) return false;
    return found === undefined || found.version !== version || found.integrity !== integrity;
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function install() {
  console.log('Installing the packages of package-lock.json (once, about half a minute) …');
  // NODE_ENV=production would leave out the compiler.
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
