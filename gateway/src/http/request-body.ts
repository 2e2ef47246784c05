import type { IncomingMessage } from 'node:http';

export type ReadBody = { kind: 'read'; text: string } | { kind: 'too-large' } | { kind: 'wrong-type'; message: string } | { kind: 'left' };

/** The body of a POST: JSON in UTF-8, of at most `maxBytes`. What comes after that is not kept. `left` when the client went in between. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  const fault = wrongType(request.headers['content-type']) ?? wrongCoding(request.headers['content-encoding']);
  if (fault) return { kind: 'wrong-type', message: fault };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' };
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else resolve({ kind: 'too-large' });
    });
    request.once('end', () => resolve({ kind: 'read', text: textOf(chunks) }));
    request.once('error', () => resolve({ kind: 'left' }));
    request.once('close', () => resolve({ kind: 'left' }));
  });
}

function textOf(chunks: readonly Buffer[]): string {
  const [only, another] = chunks;
  return only && !another ? only.toString('utf8') : Buffer.concat(chunks).toString('utf8');
}

const jsonType = /^application\/(?:[^;,\s]+\+)?json\s*(?:;|$)/i;

/** Of forms and plain text, which other sites can send from their pages, nothing is understood. */
function wrongType(contentType: string | undefined): string | null {
  if (contentType === 'application/json') return null;
  if (contentType === undefined || !jsonType.test(contentType)) return 'The body of a GraphQL request is application/json.';
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
  return charset && !/^utf-?8$/i.test(charset) ? 'Only UTF-8 is understood.' : null;
}

/** What is small when it is sent may be large when it is read. */
function wrongCoding(coding: string | undefined): string | null {
  return coding === undefined || coding === 'identity' ? null : 'Requests are not compressed.';
}
