// The orders subgraph as a process of its own, from environment variables: `node dist/main.js`, or `node dist/main.js migrate` to bring its database up to date and end.
import { runSubgraphProcess } from '@shop/platform/subgraph-process';
import { readEnv } from './config.js';
import { migrateOrders, startOrders } from './subgraph.js';

await runSubgraphProcess({
  name: 'orders',
  readEnv,
  start: ({ config, cart, users }, { remote, ...parts }) => startOrders(config, { ...parts, cart: remote(cart), users: remote(users) }),
  migrate: ({ config }) => migrateOrders(config),
});
