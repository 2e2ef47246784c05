// The card sandbox as a process of its own.
import { runProcess } from '@shop/platform/process';
import { readConfig } from './config.js';
import { cardSandboxServer } from './serve-card-sandbox.js';

await runProcess({
  name: 'card-sandbox',
  readEnv: readConfig,
  start: async ({ options }) => {
    const { app } = await cardSandboxServer(options);
    return {
      listen: async (port, host) => {
        await app.listen({ port, host });
        return port;
      },
      [Symbol.asyncDispose]: () => app.close(),
    };
  },
});
