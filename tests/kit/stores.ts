import { inject } from 'vitest';
import type { StoreName } from './stores-config.js';

declare module 'vitest' {
  /** Where the real servers of this test run are; those that the run was told to leave out are missing. */
  interface ProvidedContext {
    natsUrl: string;
    redisUrl: string;
    valkeyUrl: string;
    mongodbUrl: string;
    elasticsearchUrl: string;
  }
}

/** Where this run's server of that name is. Throws when the run was told to leave it out (see stores-config.ts). */
export function storeUrl(name: StoreName): string {
  const url: string | undefined = inject(`${name}Url`);
  if (url === undefined) throw new Error(`This run was started without ${name}.`);
  return url;
}

/** The servers that speak Redis's protocol and that every script has to run on. */
export const redisServers = () => [
  { name: 'Redis', url: storeUrl('redis') },
  { name: 'Valkey', url: storeUrl('valkey') },
];
