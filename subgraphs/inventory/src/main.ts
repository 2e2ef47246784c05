// The inventory subgraph as a process of its own, from environment variables: `node dist/main.js`, or `node dist/main.js migrate` to bring its database up to date and end.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { migrateInventory, startInventory } from './subgraph.js';

await runSubgraphProcess({
  name: 'inventory',
  readEnv,
  start: ({ config }, parts) => startInventory(config, parts),
  migrate: ({ config }) => migrateInventory(config),
});
