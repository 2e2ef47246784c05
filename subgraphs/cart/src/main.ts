// The cart subgraph as a process of its own, from environment variables: `node dist/main.js`, or `node dist/main.js migrate` to bring its database up to date and end.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { migrateCart, startCart } from './subgraph.js';

await runSubgraphProcess({
  name: 'cart',
  readEnv,
  start: ({ config, catalog }, { remote, ...parts }) => startCart(config, { ...parts, catalog: remote(catalog) }),
  migrate: ({ config }) => migrateCart(config),
});
