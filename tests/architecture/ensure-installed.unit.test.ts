import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Packages = Record<string, { version?: string; integrity?: string; optional?: boolean }>;

const locked: Packages = {
  '': { version: '0.0.0' },
  'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
  'node_modules/only-windows': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const here: Packages = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' } };

describe('before every command the packages', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'shop-ensure-'));
    for (const folder of ['scripts', 'bin', 'node_modules']) mkdirSync(join(root, folder));
    copyFileSync(join(import.meta.dirname, '../../scripts/ensure-installed.mjs'), join(root, 'scripts/ensure-installed.mjs'));
    writeFileSync(join(root, 'bin/npm'), '#!/bin/sh\necho "$@" > npm-ran\nexit "${NPM_ENDS_WITH:-0}"\n', { mode: 0o755 });
    write('package-lock.json', locked);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (file: string, packages: Packages) => writeFileSync(join(root, file), JSON.stringify({ packages }));
  const run = (env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [join(root, 'scripts/ensure-installed.mjs')], {
      env: { PATH: `${join(root, 'bin')}:/bin:/usr/bin`, ...env },
    }).status;
  const wereInstalled = () => existsSync(join(root, 'npm-ran'));

  it('are installed when there are none, or an installation was interrupted', () => {
    expect(run()).toBe(0);
    expect(wereInstalled()).toBe(true);
  });

  it('are left alone when they are what the lockfile says, whatever was touched; those for other machines may be missing', () => {
    write('node_modules/.package-lock.json', here);
    utimesSync(join(root, 'package-lock.json'), new Date('2100-01-01'), new Date('2100-01-01'));
    expect(run()).toBe(0);
    expect(wereInstalled()).toBe(false);
  });

  it.each<[string, Packages]>([
    ['has another version', { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } }],
    ['has other content', { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-c' } }],
    ['is missing', {}],
  ])('are installed when one %s', (_, present) => {
    write('node_modules/.package-lock.json', present);
    expect(run()).toBe(0);
    expect(wereInstalled()).toBe(true);
  });

  it('stop the command when they cannot be installed', () => {
    expect(run({ NPM_ENDS_WITH: '7' })).toBe(7);
  });
});
