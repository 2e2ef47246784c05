// The users subgraph as a process of its own, from environment variables: `node dist/main.js`, or `node dist/main.js migrate` to bring its database up to date and end.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { migrateUsers, startUsers } from './subgraph.js';

await runSubgraphProcess({
  name: 'users',
  readEnv,
  start: ({ config }, parts) => startUsers(config, parts),
  migrate: ({ config }) => migrateUsers(config),
});
