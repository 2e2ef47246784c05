import type { TestProject } from 'vitest/node';
import { ownServers, sweepServers } from './stores-folder.js';
import { storesConfig } from './stores-config.js';
import type {} from './stores.js';

/**
 * Starts the real servers that the suites named `*.stores.test.ts` share; a suite that breaks a server starts one of its own. Fails when one
 * isn't installed: these suites are never skipped.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { urls, names } = storesConfig();
  await sweepServers();
  const servers = await ownServers(names.filter((name) => urls[name] === undefined));
  for (const name of names) {
    const url = urls[name] ?? servers.urls[name];
    if (url !== undefined) project.provide(`${name}Url`, url);
  }
  return async () => servers[Symbol.asyncDispose]();
}
