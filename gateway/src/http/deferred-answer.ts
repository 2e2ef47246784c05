import type { ServerResponse } from 'node:http';
import { deferredTexts, type Begun, type DeferredAnswerOptions } from '../deferred-texts.js';
import { DEFER_SPEC } from './media-type.js';

const HEAD = 'content-type: application/json; charset=utf-8\r\n\r\n';

/** Writes what is there, and each deferred part when it is (multipart/mixed, deferSpec=20220824). Ends early when the client leaves. */
export async function writeDeferred(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  begun: Begun,
  options: DeferredAnswerOptions,
): Promise<void> {
  response.writeHead(200, { ...headers, 'content-type': `multipart/mixed; boundary="-"; ${DEFER_SPEC}` });
  response.write('\r\n---\r\n');
  for await (const { text, hasNext } of deferredTexts(begun, options)) {
    if (response.destroyed) break;
    response.write(`${HEAD}${text}\r\n---${hasNext ? '' : '--'}\r\n`);
  }
  response.end();
}
