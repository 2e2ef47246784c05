import { z } from 'zod';
import type { Mail, MailSummary } from './mail.js';
import type { MailReader } from './mailbox.js';

const summarySchema = z.object({
  id: z.number(),
  receivedAt: z.coerce.date(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
}) satisfies z.ZodType<MailSummary>;
const mailSchema = z.object({
  ...summarySchema.shape,
  messageId: z.string(),
  text: z.string(),
  html: z.string().nullable(),
}) satisfies z.ZodType<Mail>;

/** A mailbox in another process (`serve-mailbox.ts`), at `url`. Reading throws when it does not answer within 5 s. */
export function remoteMailbox(url: string): MailReader {
  const ask = (path: string): Promise<Response> => fetch(new URL(path, url), { signal: AbortSignal.timeout(5_000) });
  return {
    mails: async (limit) => z.array(summarySchema).parse(await (await ask(`/mails?limit=${limit}`)).json()),
    mail: async (id) => {
      const answer = await ask(`/mails/${id}`);
      return answer.status === 404 ? null : mailSchema.parse(await answer.json());
    },
  };
}
