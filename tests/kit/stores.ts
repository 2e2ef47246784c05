import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
    valkeyUrl: string;
    mongodbUrl: string;
    elasticsearchUrl: string;
  }
}

/** The servers that speak Redis's protocol and that every script has to run on. */
export const redisServers = () => [
  { name: 'Redis', url: inject('redisUrl') },
  { name: 'Valkey', url: inject('valkeyUrl') },
];
