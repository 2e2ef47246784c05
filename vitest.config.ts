import { defineConfig } from 'vitest/config';

/** One copy of graphql: Vite would take `index.mjs` where the libraries load `index.js`, and types of two copies are strangers. */
const alias = [{ find: /^graphql$/, replacement: 'graphql/index.js' }];
/** Vitest hands these to Node too (--conditions): with 'import' among them a `require` would be answered by an ES module. */
const conditions = ['source', 'node'];
const tier = (name: string, timeoutMs: number, globalSetup: string[]) => ({
  resolve: { alias, conditions },
  ssr: { resolve: { conditions } },
  // Global set-up files and externals are resolved in an environment of vitest's own, which inherits neither of the two above.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    name,
    include: [`**/*.${name}.test.ts`],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['tests/kit/reflect.ts'],
    globalSetup,
    testTimeout: timeoutMs,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
});

/** Scenarios of e2e that look into the process, or start one of their own. */
const insideOnly = ['processes', 'shutdown', 'constant-work', 'lost-mark', 'planted-secrets/planted-secrets', 'two-users/subgraph-doors'];
/** The scenarios of e2e once more, against the processes of docker-compose.yml on real stores, one shop at a time: `npm run test:stack`. */
const scenarios = tier('stack', 600_000, ['tests/kit/stack.setup.ts']);
const stack = {
  ...scenarios,
  test: {
    ...scenarios.test,
    include: ['tests/e2e/**/*.e2e.test.ts', 'tests/e2e/**/*.stack.test.ts'],
    exclude: [
      ...scenarios.test.exclude,
      ...insideOnly.map((name) => `tests/e2e/${name}*/**`),
      ...insideOnly.map((name) => `tests/e2e/${name}.e2e.test.ts`),
    ],
    provide: { shopForm: 'stack' as const },
    fileParallelism: false,
    hookTimeout: 600_000,
  },
};

/** Faults of the whole shop, in the same form: they break its stores and kill its processes, so they run alone, after the others. */
const faults = tier('faults', 600_000, ['tests/kit/stack.setup.ts']);

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      tier('unit', 60_000, []),
      tier('int', 180_000, ['tests/kit/postgres.setup.ts']),
      tier('e2e', 300_000, ['tests/kit/postgres.setup.ts']),
      // On real servers, which have to be installed: not part of `npm test`.
      tier('stores', 300_000, ['tests/kit/postgres.setup.ts', 'tests/kit/stores.setup.ts']),
      stack,
      { ...faults, test: { ...faults.test, fileParallelism: false, hookTimeout: 600_000, sequence: { groupOrder: 1 } } },
    ],
  },
});
