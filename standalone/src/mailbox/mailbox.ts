import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { MailFolder } from './mail-folder.js';
import { messageIdOf, readMail, type Mail, type MailSummary } from './mail.js';

export type { Mail, MailSummary } from './mail.js';

export interface MailboxOptions {
  /** 0 takes a free one. */
  port: number;
  /** The address to listen on; the loopback interface when left out. */
  host?: string;
  /** Where the mails are kept; made when it does not exist. */
  folder: string;
}

export interface MailReader {
  /** At most `limit` mails, the newest first. */
  mails(limit: number): Promise<MailSummary[]>;
  /** Null when there is no such mail, or none any more: the newest 1,000 are kept. */
  mail(id: number): Promise<Mail | null>;
}

/** A mail server that keeps what it gets instead of sending it on. */
export interface Mailbox extends MailReader, AsyncDisposable {
  /** Where it takes mails by SMTP, without a password and unencrypted. */
  port: number;
}

const MAIL_BYTES = 1024 * 1024;

/**
 * Takes mails. A sender hears 250 once the mail is written; a mail that comes twice (same Message-ID) is kept once.
 * Rejects when the port is taken or the folder is damaged.
 */
export async function startMailbox({ port, host = '127.0.0.1', folder }: MailboxOptions): Promise<Mailbox> {
  await using starting = new AsyncDisposableStack();
  const mails = starting.use(await MailFolder.open(folder));
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1_000,
    size: MAIL_BYTES,
    onData: takeInto(mails),
  });
  // A sender that hangs up in the middle is its own loss.
  server.on('error', () => undefined);
  const listening = once(server.server, 'listening');
  const failed = new Promise<never>((_, reject) => server.server.once('error', reject));
  server.listen(port, host);
  await Promise.race([listening, failed]);
  failed.catch(() => undefined);
  starting.defer(() => new Promise((closed) => server.close(closed)));
  const address = server.server.address();
  const running = starting.move();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    mails: (limit) => Promise.all(mails.newest(limit).map(readMail)),
    mail: async (id) => {
      const stored = mails.find(id);
      return stored === undefined ? null : readMail(stored);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function takeInto(mails: MailFolder): NonNullable<SMTPServerOptions['onData']> {
  return callbackify(async (stream: SMTPServerDataStream, _session: SMTPServerSession) => {
    const source = await text(stream);
    if (stream.sizeExceeded) throw Object.assign(new Error('The mail is too large.'), { responseCode: 552 });
    await mails.keep({ messageId: messageIdOf(source) ?? fingerprint(source), receivedAt: new Date().toISOString(), source });
  });
}

const fingerprint = (source: string): string => `<${createHash('sha256').update(source).digest('hex')}@mailbox>`;
