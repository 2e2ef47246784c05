// The catalog subgraph as a process of its own, from environment variables: `node dist/main.js`, or `node dist/main.js migrate` to bring its database up to date and end.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { migrateCatalog, startCatalog } from './subgraph.js';

await runSubgraphProcess({
  name: 'catalog',
  readEnv,
  start: ({ config }, parts) => startCatalog(config, parts),
  migrate: ({ config }) => migrateCatalog(config),
});
