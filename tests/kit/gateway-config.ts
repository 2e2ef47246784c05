import { defaultLimits, type GatewayConfig } from '@shop/gateway';

/** Signs the order tokens that gateways of tests take. */
export const TEST_ORDER_SECRET = 'order-token-secret-of-at-least-32-characters';

/** A gateway as tests want it, as far as they don't say otherwise; with Apollo's executor where `GATEWAY_ENGINE=apollo` says so. */
export function testGatewayConfig(config: Partial<GatewayConfig> & Pick<GatewayConfig, 'supergraphSdl'>): GatewayConfig {
  return {
    tokenIssuer: 'users',
    tokenAudience: 'shop',
    orderTokenSecrets: [TEST_ORDER_SECRET],
    introspection: false,
    corsOrigins: [],
    trustProxy: false,
    limits: defaultLimits,
    // A test machine that is slow for a while is no overload.
    shedAboveDelayMs: Infinity,
    requestTimeoutMs: 20_000,
    drainDelayMs: 0,
    ...(process.env['GATEWAY_ENGINE'] === 'apollo' && { engine: 'apollo' as const }),
    ...config,
  };
}
