import { defineConfig } from 'vitest/config';

/** One copy of graphql: Vite would take `index.mjs` where the libraries load `index.js`, and types of two copies are strangers. */
const alias = [{ find: /^graphql$/, replacement: 'graphql/index.js' }];
const conditions = ['source', 'node', 'import', 'default'];
const tier = (name: string, timeoutMs: number, globalSetup: string[]) => ({
  resolve: { alias, conditions },
  ssr: { resolve: { conditions } },
  test: {
    name,
    include: [`**/*.${name}.test.ts`],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['tests/kit/reflect.ts'],
    globalSetup,
    testTimeout: timeoutMs,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      tier('unit', 10_000, []),
      tier('int', 30_000, ['tests/kit/postgres.setup.ts']),
      tier('e2e', 60_000, ['tests/kit/postgres.setup.ts']),
    ],
  },
});
