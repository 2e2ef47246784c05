import {
  busVariables,
  envCount,
  envFlag,
  envHttpUrl,
  envPort,
  envSecret,
  envSecrets,
  processSettings,
  processVariables,
  readEnvironment,
  redisVariables,
  type ProcessSettings,
  type RemoteSubgraph,
} from '@shop/platform/config';
import { z } from 'zod';
import { authorizationModes, type AuthorizationMode } from './engine/plan-cache.js';
import { readIntrospectionAccess, type IntrospectionAccess } from './introspection-access.js';
import { engineNames, type EngineName } from './config.js';
import { defaultMaxima, limitModes, limitsOf, type Limits } from './limits/limits.js';

const commaSeparated = z.string().transform((text) => text.split(',').filter((part) => part !== ''));

const environmentSchema = z.object({
  ...processVariables,
  ...busVariables,
  ...redisVariables,
  PORT: envPort.default(4000),
  METRICS_PORT: envPort.optional(),
  SUPERGRAPH_FILE: z.string().min(1).default('schema/supergraph.graphql'),
  ORDER_TOKEN_SECRETS: envSecrets,
  INTROSPECTION: z
    .string()
    .transform((text, context) => {
      const access = readIntrospectionAccess(text);
      if (access === null) context.addIssue({ code: 'custom', message: 'true, false or scope:<name>' });
      return access ?? 'off';
    })
    .default('off'),
  CORS_ORIGINS: commaSeparated.default([]),
  TRUST_PROXY: envFlag.default(false),
  AUTHORIZATION: z.enum(authorizationModes).default('filter'),
  GATEWAY_ENGINE: z.enum(engineNames).default('compiled'),
  LIMITS: z.enum(limitModes).default('enforce'),
  SOCKETS_PER_VIEWER: envCount.default(defaultMaxima.viewerSockets),
  SOCKETS_PER_ADDRESS: envCount.default(defaultMaxima.addressSockets),
  REQUEST_TIMEOUT_MS: envCount.default(5_000),
  SHED_ABOVE_DELAY_MS: envCount.default(200),
  FORWARD: commaSeparated
    .transform((rules) => rules.map((rule) => /^(\/[^=]*)=(https?:\/\/[^/]+)\/?$/.exec(rule)))
    .transform((rules, context) =>
      rules.flatMap((rule) => {
        const [, prefix, origin] = rule ?? [];
        if (prefix !== undefined && origin !== undefined) return [{ prefix, origin }];
        context.addIssue({ code: 'custom', message: 'path=origin, comma-separated, e.g. /=http://pages:4009' });
        return [];
      }),
    )
    .default([]),
  USERS_URL: envHttpUrl,
  USERS_ENVELOPE_SECRET: envSecret,
  CATALOG_URL: envHttpUrl,
  CATALOG_ENVELOPE_SECRET: envSecret,
  SEARCH_URL: envHttpUrl,
  SEARCH_ENVELOPE_SECRET: envSecret,
  CART_URL: envHttpUrl,
  CART_ENVELOPE_SECRET: envSecret,
  ORDERS_URL: envHttpUrl,
  ORDERS_ENVELOPE_SECRET: envSecret,
  PAYMENTS_URL: envHttpUrl,
  PAYMENTS_ENVELOPE_SECRET: envSecret,
  INVENTORY_URL: envHttpUrl,
  INVENTORY_ENVELOPE_SECRET: envSecret,
  NOTIFICATIONS_URL: envHttpUrl,
  NOTIFICATIONS_ENVELOPE_SECRET: envSecret,
});

/** A path, with everything below it, that another process answers. */
export interface Forwarding {
  /** e.g. `/mailbox`; `/` is everything that the gateway has no answer of its own to. */
  prefix: string;
  /** e.g. `http://pages:4009` */
  origin: string;
}

/** What the process of the gateway reads from its environment. */
export interface GatewaySettings extends ProcessSettings {
  natsUrl: string;
  /** Where the budgets of partners are counted, for all gateways; null: in each one alone. */
  redisUrl: string | null;
  supergraphFile: string;
  /** Where `/metrics` is told; null: nowhere. */
  metricsPort: number | null;
  orderTokenSecrets: readonly string[];
  introspection: IntrospectionAccess;
  corsOrigins: readonly string[];
  trustProxy: boolean;
  engine: EngineName;
  authorization: AuthorizationMode;
  limits: Limits;
  requestTimeoutMs: number;
  /** From which delay of its timers on the process refuses work with 503. */
  shedAboveDelayMs: number;
  forwardings: readonly Forwarding[];
  subgraphs: ReadonlyMap<string, RemoteSubgraph>;
}

/** Throws ConfigError that names every fault. */
export function readGatewayEnv(environment: NodeJS.ProcessEnv = process.env): GatewaySettings {
  const env = readEnvironment(environmentSchema, environment);
  return {
    ...processSettings(env),
    natsUrl: env.NATS_URL,
    redisUrl: env.REDIS_URL ?? null,
    supergraphFile: env.SUPERGRAPH_FILE,
    metricsPort: env.METRICS_PORT ?? null,
    orderTokenSecrets: env.ORDER_TOKEN_SECRETS,
    introspection: env.INTROSPECTION,
    corsOrigins: env.CORS_ORIGINS,
    trustProxy: env.TRUST_PROXY,
    engine: env.GATEWAY_ENGINE,
    authorization: env.AUTHORIZATION,
    limits: limitsOf(env.LIMITS, { viewerSockets: env.SOCKETS_PER_VIEWER, addressSockets: env.SOCKETS_PER_ADDRESS }),
    requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
    shedAboveDelayMs: env.SHED_ABOVE_DELAY_MS,
    forwardings: env.FORWARD,
    subgraphs: new Map([
      ['users', { url: env.USERS_URL, envelopeSecret: env.USERS_ENVELOPE_SECRET }],
      ['catalog', { url: env.CATALOG_URL, envelopeSecret: env.CATALOG_ENVELOPE_SECRET }],
      ['search', { url: env.SEARCH_URL, envelopeSecret: env.SEARCH_ENVELOPE_SECRET }],
      ['cart', { url: env.CART_URL, envelopeSecret: env.CART_ENVELOPE_SECRET }],
      ['orders', { url: env.ORDERS_URL, envelopeSecret: env.ORDERS_ENVELOPE_SECRET }],
      ['payments', { url: env.PAYMENTS_URL, envelopeSecret: env.PAYMENTS_ENVELOPE_SECRET }],
      ['inventory', { url: env.INVENTORY_URL, envelopeSecret: env.INVENTORY_ENVELOPE_SECRET }],
      ['notifications', { url: env.NOTIFICATIONS_URL, envelopeSecret: env.NOTIFICATIONS_ENVELOPE_SECRET }],
    ]),
  };
}
