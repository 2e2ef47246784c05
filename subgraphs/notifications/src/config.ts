export interface NotificationsConfig {
  databaseUrl: string;
  /** Shared with the gateway; every one is accepted. */
  envelopeSecrets: string[];
  /** Where mails are handed over, e.g. smtp://127.0.0.1:2525 or smtps://user:password@mail.example. */
  smtpUrl: string;
  /** Where people reach the shop, without a slash at the end; links in mails start with it. */
  publicUrl: string;
  /** Of every mail; default `DEFAULT_SENDER`. */
  sender?: { name: string; address: string };
  /** Mails that are handed over at the same time; default 2. */
  mailConnections?: number;
  /** How long the mail server may take for each step; default 5 s. */
  smtpTimeoutMs?: number;
  /** How often to look for mails that are due, beside being woken; default 1 s. */
  mailEveryMs?: number;
  /** Connections to the database at most; default 8. */
  poolSize?: number;
}

export const DEFAULT_SENDER = { name: 'The Shop', address: 'no-reply@shop.example' };
