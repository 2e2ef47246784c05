export interface CatalogConfig {
  /** PostgreSQL, a database of its own. */
  databaseUrl: string;
  /** Secrets of envelopes that are accepted; several while one is being rotated. */
  envelopeSecrets: string[];
  /** Connections at most; 8 when left out. */
  poolSize?: number;
  /** Where pictures that are kept as a path are served; `http://localhost:4000` when left out. */
  mediaBaseUrl?: string;
  /** How long another process's new category may stay unseen here, in ms; 10,000 when left out. */
  categoryCacheMs?: number;
}
