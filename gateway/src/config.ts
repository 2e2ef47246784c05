/** How the gateway is reached and what it lets through. Durations in milliseconds. */
export interface GatewayConfig {
  /** Full supergraph SDL, with security directives. */
  supergraphSdl: string;
  /** `iss` and `aud` that an access token must carry. */
  tokenIssuer: string;
  tokenAudience: string;
  /** The secret that order tokens are signed with (HS256), shared with the orders subgraph; several while one is rotated. */
  orderTokenSecrets: readonly string[];
  /** Whether clients may ask for the schema; on in the demo, off in production. */
  introspection: boolean;
  /** Allowed browser origins; empty: only the gateway's own pages. */
  corsOrigins: readonly string[];
  /** Take the client's address from X-Forwarded-For: only behind a proxy of our own. */
  trustProxy: boolean;
  limits: Limits;
  /** What executes plans: our own executor of compiled plans, or Apollo's; our own when left out. */
  engine?: EngineName;
  /** A request that took longer is answered with what is there. */
  requestTimeoutMs: number;
  /** After SIGTERM: how long to say "not ready" before connections are closed. */
  drainDelayMs: number;
}

export const engineNames = ['compiled', 'apollo'] as const;
export type EngineName = (typeof engineNames)[number];

export interface Limits {
  bodyBytes: number;
  tokens: number;
  depth: number;
  aliases: number;
  /** A WebSocket message. */
  frameBytes: number;
  /** Until `connection_init` must have arrived. */
  socketInitTimeoutMs: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 100_000,
  tokens: 2_000,
  depth: 12,
  aliases: 30,
  frameBytes: 64_000,
  socketInitTimeoutMs: 3_000,
};
