// A database and a role for each subgraph: `node dist/databases/main.js`, before anything else starts.
import { runOnce } from '@shop/platform/process';
import { readDatabasesEnv } from './config.js';
import { createDatabases } from './create-databases.js';

await runOnce('databases', readDatabasesEnv, ({ postgresUrl, databaseUrls }) => createDatabases(postgresUrl, databaseUrls));
