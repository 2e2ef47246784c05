// The search subgraph as a process of its own, from environment variables: `node dist/main.js`.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { startSearch } from './subgraph.js';

await runSubgraphProcess({
  name: 'search',
  readEnv,
  start: ({ config, catalog, inventory }, { remote, ...parts }) =>
    startSearch(config, { ...parts, catalog: remote(catalog), inventory: remote(inventory) }),
});
