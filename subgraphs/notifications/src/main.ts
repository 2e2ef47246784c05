// The notifications subgraph as a process of its own, from environment variables: `node dist/main.js`, or `node dist/main.js migrate` to bring its database up to date and end.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { migrateNotifications, startNotifications } from './subgraph.js';

await runSubgraphProcess({
  name: 'notifications',
  readEnv,
  start: ({ config }, parts) => startNotifications(config, parts),
  migrate: ({ config }) => migrateNotifications(config),
});
