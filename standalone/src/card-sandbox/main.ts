import { once } from 'node:events';
import { readConfig } from './config.js';
import { serveCardSandbox } from './serve-card-sandbox.js';

await using _served = await serveCardSandbox(readConfig());
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
