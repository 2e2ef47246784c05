import { simpleParser, type AddressObject } from 'mailparser';
import { z } from 'zod';

/** A mail as it came in, and as it lies in the folder. */
export const storedMailSchema = z.object({
  /** Rises by one with every mail. */
  id: z.int().positive(),
  messageId: z.string(),
  receivedAt: z.iso.datetime(),
  source: z.string(),
});

export type StoredMail = z.infer<typeof storedMailSchema>;

export interface MailSummary {
  id: number;
  receivedAt: Date;
  from: string;
  to: string;
  subject: string;
}

export interface Mail extends MailSummary {
  messageId: string;
  text: string;
  /** As it was sent: never to be shown outside of a sandbox. Null when the mail has no HTML part. */
  html: string | null;
}

/** Reads a mail's parts and encodings. Never fails for odd input: what cannot be read is empty. */
export async function readMail({ id, messageId, receivedAt, source }: StoredMail): Promise<Mail> {
  const parsed = await simpleParser(source, { skipImageLinks: true, skipTextToHtml: true });
  return {
    id,
    messageId,
    receivedAt: new Date(receivedAt),
    from: textOf(parsed.from),
    to: textOf(parsed.to),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || null,
  };
}

/** The Message-ID header of a source (RFC 5322, section 3.6.4), folded or not; null when there is none. */
export function messageIdOf(source: string): string | null {
  const end = source.search(/\r?\n\r?\n/);
  const headers = end === -1 ? source : source.slice(0, end);
  return /^message-id:\s*(<[^>\r\n]+>)/im.exec(headers)?.[1] ?? null;
}

function textOf(addresses: AddressObject | AddressObject[] | undefined): string {
  return [addresses ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ');
}
