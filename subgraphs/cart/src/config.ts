/** What the cart subgraph is started with. */
export interface CartConfig {
  /** postgresql://… of its own database. */
  databaseUrl: string;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: string[];
  /** Taxes and delivery of a cart without an address, ISO 3166-1 alpha-2; `DE`. */
  defaultCountry?: string;
  /** Currency of an empty cart, ISO 4217; `EUR`. */
  defaultCurrency?: string;
  /** How long a guest's cart lives after its last change, in days; 90. */
  guestCartDays?: number;
  /** Connections at most; 8. */
  poolSize?: number;
}
