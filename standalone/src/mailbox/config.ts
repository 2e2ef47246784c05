import { envPort, processSettings, processVariables, readEnvironment, type ProcessSettings } from '@shop/platform/config';
import { z } from 'zod';

const environmentSchema = z.object({
  ...processVariables,
  PORT: envPort.default(4010),
  SMTP_PORT: envPort.default(2525),
  MAILBOX_FOLDER: z.string().min(1).default('.shop/mailbox'),
});

/** What the mailbox reads from its environment when it is a process of its own. */
export interface MailboxSettings extends ProcessSettings {
  smtpPort: number;
  /** Where the mails are kept. */
  folder: string;
}

/** Throws ConfigError that names every fault. */
export function readMailboxEnv(environment: NodeJS.ProcessEnv = process.env): MailboxSettings {
  const env = readEnvironment(environmentSchema, environment);
  return { ...processSettings(env), smtpPort: env.SMTP_PORT, folder: env.MAILBOX_FOLDER };
}
