// The mailbox as a process of its own: takes mails by SMTP, and lets pages and tests read them over HTTP.
import { runProcess } from '@shop/platform/process';
import { readMailboxEnv } from './config.js';
import { startMailbox } from './mailbox.js';
import { serveMailbox } from './serve-mailbox.js';

await runProcess({
  name: 'mailbox',
  readEnv: readMailboxEnv,
  start: async ({ smtpPort, host, folder }) => {
    const mailbox = await startMailbox({ port: smtpPort, host, folder });
    const app = serveMailbox(mailbox);
    return {
      listen: async (port, address) => {
        await app.listen({ port, host: address });
        return port;
      },
      [Symbol.asyncDispose]: async () => {
        await app.close();
        await mailbox[Symbol.asyncDispose]();
      },
    };
  },
});
