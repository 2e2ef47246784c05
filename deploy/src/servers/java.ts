import { globSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import type { ServerAccount } from '@shop/standalone/postgres-account';
import { probe } from './command.js';
import { Missing } from './server.js';

const cached = new Map<number, string>();

/** The newest Java development kit, 17 or later, that `account` may run. Throws `Missing` where there is none. */
export function usableJdk(account: ServerAccount): string {
  const known = cached.get(account.uid ?? -1);
  if (known !== undefined) return known;
  const found = [...new Set([...globSync('/usr/lib/jvm/*/bin/javac'), ...onPath()].map((javac) => dirname(dirname(realpathSync(javac)))))]
    .map((home) => ({ home, version: versionOf(home, account) }))
    .filter(({ version }) => version >= 17)
    .toSorted((a, b) => b.version - a.version)[0];
  if (found === undefined)
    throw new Missing('No Java development kit 17 or later that the server’s account may run: install openjdk-17-jdk-headless.');
  cached.set(account.uid ?? -1, found.home);
  return found.home;
}

function onPath(): string[] {
  const { stdout } = spawnSync('/bin/sh', ['-c', 'command -v javac'], { encoding: 'utf8' });
  return stdout.trim() === '' ? [] : [stdout.trim()];
}

function versionOf(home: string, account: ServerAccount): number {
  const printed = probe(join(home, 'bin', 'javac'), ['-version'], account);
  return Number(/javac (\d+)/.exec(printed ?? '')?.[1] ?? 0);
}
