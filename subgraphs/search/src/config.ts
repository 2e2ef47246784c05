export interface SearchConfig {
  /** Secrets whose envelopes are accepted; several while one is being rotated. */
  envelopeSecrets: string[];
  /** Deadline of one page of the rebuild, in ms; 10,000 when left out. */
  pageTimeoutMs?: number;
  /** Waits between attempts to rebuild while catalog or inventory is away, in ms; the last one repeats. Default: half a second to 30 s. */
  rebuildBackoffMs?: number[];
}

export const DEFAULT_PAGE_TIMEOUT_MS = 10_000;
export const DEFAULT_REBUILD_BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
