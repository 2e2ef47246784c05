import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { MailFailure } from './mail-attempt.js';

export interface OutgoingMail {
  /** The delivery's id; the Message-ID follows from it, so that a mailbox can tell a mail that comes twice. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface Mailer extends AsyncDisposable {
  /** Hands one mail over; null when the server has taken it. Never throws. */
  send(mail: OutgoingMail): Promise<MailFailure | null>;
}

export interface MailerOptions {
  smtpUrl: string;
  sender: { name: string; address: string };
  /** Connections that are kept open, at most. */
  connections: number;
  /** For connecting, the greeting, and every answer after it. */
  timeoutMs: number;
  /** For one mail in all, waiting for a connection included. */
  deadlineMs: number;
}

const failureSchema = z.object({ code: z.string().catch('UNKNOWN'), responseCode: z.number().nullable().catch(null) });

/** Connects with the first mail. Disposing fails the mails that are on their way; they may have arrived nevertheless. */
export function smtpMailer({ smtpUrl, sender, connections, timeoutMs, deadlineMs }: MailerOptions): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: connections,
    // Once more on a new connection, as an idle one may have been closed; beyond that the queue repeats.
    maxRequeues: 1,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // What goes wrong with a connection is told with the mail that was on it.
  transport.on('error', () => undefined);
  const stopping = new AbortController();
  const domain = sender.address.split('@').at(-1) ?? 'localhost';
  return {
    send: async ({ id, to, subject, text, html }) => {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(deadlineMs)]);
      try {
        await transport.sendMail({
          from: sender,
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          signal,
        });
        return null;
      } catch (error) {
        return failureSchema.catch({ code: 'UNKNOWN', responseCode: null }).parse(error);
      }
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      transport.close();
    },
  };
}
