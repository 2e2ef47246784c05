import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Lowest versions without a known hole that concerns us, and the advisory. `below` is a version that must not be reached.
 * A package that isn't installed passes: the table outlives a dependency.
 */
const floors: readonly { name: string; atLeast: string; below?: string; because: string }[] = [
  { name: '@apollo/gateway', atLeast: '2.13.2', because: 'CVE-2026-32621 prototype pollution; CVE-2025-32030/32031 query planning' },
  { name: '@apollo/federation-internals', atLeast: '2.13.2', because: 'CVE-2026-32621 prototype pollution' },
  { name: '@apollo/query-planner', atLeast: '2.13.2', because: 'CVE-2026-32621 prototype pollution' },
  { name: '@apollo/composition', atLeast: '2.13.0', because: 'GHSA-mx7m-j9xf-62hw, GHSA-m8jr-fxqx-8xx6 authorisation lost in composition' },
  { name: '@apollo/server', atLeast: '5.5.0', because: 'GHSA-9q82-xgwf-vj6h cross-site reads by GET; CVE-2026-23897 charset bodies' },
  { name: '@mikro-orm/core', atLeast: '7.0.6', because: 'CVE-2026-34220, CVE-2026-34221 SQL injection' },
  { name: '@mikro-orm/postgresql', atLeast: '7.0.6', because: 'CVE-2026-34220, CVE-2026-34221 SQL injection' },
  { name: '@mikro-orm/sql', atLeast: '7.0.6', because: 'CVE-2026-34220, CVE-2026-34221 SQL injection' },
  {
    name: 'graphql',
    atLeast: '16.11.0',
    below: '17.0.0',
    because: 'Apollo Server 5 wants ^16.11; two majors in one process are strangers',
  },
];

type Lockfile = { packages: Record<string, { version?: string }> };
const lockfile: Lockfile = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'));

test.each(floors)('every $name is at least $atLeast ($because)', ({ name, atLeast, below }) => {
  const unfit = versionsOf(name).filter((version) => isBefore(version, atLeast) || (below !== undefined && !isBefore(version, below)));
  expect(unfit).toEqual([]);
});

test('only one copy of graphql is installed', () => {
  expect(versionsOf('graphql')).toHaveLength(1);
});

test('versions are compared by number, and a preview comes before its release', () => {
  expect(isBefore('2.9.6', '2.13.2')).toBe(true);
  expect(isBefore('2.13.2', '2.13.2')).toBe(false);
  expect(isBefore('3.0.0', '2.13.2')).toBe(false);
  expect(isBefore('5.5.0-alpha.1', '5.5.0')).toBe(true);
});

function versionsOf(name: string): string[] {
  return Object.entries(lockfile.packages).flatMap(([path, { version }]) =>
    version !== undefined && path.endsWith(`node_modules/${name}`) ? [version] : [],
  );
}

function isBefore(version: string, floor: string): boolean {
  const [core = '', preview] = version.split('-', 2);
  const [have, want] = [numbers(core), numbers(floor)];
  const first = want.findIndex((part, index) => part !== have[index]);
  return first === -1 ? preview !== undefined : (have[first] ?? 0) < (want[first] ?? 0);
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}
