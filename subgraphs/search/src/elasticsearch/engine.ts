import { Client, errors } from '@elastic/elasticsearch';

export interface EngineOptions {
  /** `http://…` or `https://user:password@…` of Elasticsearch 8. */
  url: string;
  /** How long a search may take, in ms; 1,000. */
  searchTimeoutMs?: number;
  /** How long a write may take, in ms; 10,000. One of many documents takes up to three times as long. */
  writeTimeoutMs?: number;
}

/** The engine, each call with a deadline and without repetition: who calls knows whether to repeat. */
export interface Engine extends AsyncDisposable {
  client: Client;
  /** For one search, however many calls it takes. */
  forSearch(): { signal: AbortSignal };
  forWrite(): { signal: AbortSignal };
  /** For many documents at once. */
  forBulk(): { signal: AbortSignal };
}

export function connectEngine({ url, searchTimeoutMs = 1_000, writeTimeoutMs = 10_000 }: EngineOptions): Engine {
  const bulkTimeoutMs = 3 * writeTimeoutMs;
  const client = new Client({ node: url, maxRetries: 0, requestTimeout: Math.max(searchTimeoutMs, bulkTimeoutMs), compression: false });
  return {
    client,
    forSearch: () => ({ signal: AbortSignal.timeout(searchTimeoutMs) }),
    forWrite: () => ({ signal: AbortSignal.timeout(writeTimeoutMs) }),
    forBulk: () => ({ signal: AbortSignal.timeout(bulkTimeoutMs) }),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The status that the engine answered with; null when it did not answer. */
export function statusOf(error: unknown): number | null {
  return error instanceof errors.ResponseError ? (error.statusCode ?? null) : null;
}

/** The engine did not answer, not in time, or is too busy to. */
export function isAway(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== null) return status === 429 || status >= 500;
  return (
    error instanceof errors.ElasticsearchClientError || (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name))
  );
}
