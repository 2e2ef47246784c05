// The payments subgraph as a process of its own, from environment variables: `node dist/main.js`, or `node dist/main.js migrate` to bring its database up to date and end.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { migratePayments, startPayments } from './subgraph.js';

await runSubgraphProcess({
  name: 'payments',
  readEnv,
  start: ({ config }, parts) => startPayments(config, parts),
  migrate: ({ config }) => migratePayments(config),
});
