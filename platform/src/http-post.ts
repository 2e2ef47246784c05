import type { Dispatcher } from 'undici';

export interface HttpPost {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** An answer that is longer is not read on. */
  maxAnswerBytes: number;
  /** Ends the call, with its reason. */
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  text: string;
}

/** An answer of more bytes than are read. */
export class AnswerTooLong extends Error {}

/**
 * POST over a pool, by undici's lowest door: of what its `request` costs, more than half is the stream and the promises that nobody needs
 * who wants the whole text. Rejects with AnswerTooLong, the signal's reason, or what went wrong on the way.
 */
export function httpPost(pool: Dispatcher, { path, headers, body, maxAnswerBytes, signal }: HttpPost): Promise<HttpAnswer> {
  if (signal.aborted) return Promise.reject(asError(signal.reason));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let status = 0;
    let running: Dispatcher.DispatchController | null = null;
    const abort = () => (running ? running.abort(asError(signal.reason)) : reject(asError(signal.reason)));
    signal.addEventListener('abort', abort);
    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart: (controller) => {
          running = controller;
          if (signal.aborted) abort();
        },
        onResponseStart: (_, statusCode) => {
          status = statusCode;
        },
        onResponseData: (controller, chunk) => {
          length += chunk.length;
          if (length > maxAnswerBytes) controller.abort(new AnswerTooLong(`More than ${maxAnswerBytes} bytes were answered.`));
          else chunks.push(chunk);
        },
        onResponseEnd: () => {
          signal.removeEventListener('abort', abort);
          resolve({ status, text: textOf(chunks, length) });
        },
        onResponseError: (_, error) => {
          signal.removeEventListener('abort', abort);
          reject(error);
        },
      },
    );
  });
}

function textOf([first, ...others]: Buffer[], length: number): string {
  if (!first) return '';
  return (others.length > 0 ? Buffer.concat([first, ...others], length) : first).toString('utf8');
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
