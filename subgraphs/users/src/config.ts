import {
  databaseSettings,
  databaseVariables,
  envCount,
  envPort,
  readEnvironment,
  subgraphSettings,
  type SubgraphSettings,
  subgraphVariables,
} from '@shop/platform/config';
import { z } from 'zod';

export interface UsersConfig {
  databaseUrl: string;
  /** Secrets whose envelopes are accepted. */
  envelopeSecrets: string[];
  /** `iss` of access tokens; the gateway expects the same. Default: `DEFAULT_ISSUER`. */
  issuer?: string;
  /** `aud` of access tokens. Default: `DEFAULT_AUDIENCE`. */
  audience?: string;
  /** How long an access token is good, at most and by default 600. */
  accessTokenSeconds?: number;
  /** Sign-in attempts from one network address. Default 30. */
  signInPerAddressPerMinute?: number;
  /** Registrations from one network address. Default 10. */
  registerPerAddressPerMinute?: number;
  /** Database connections at most. Default 8. */
  poolSize?: number;
}

export const DEFAULT_ISSUER = 'users';
export const DEFAULT_AUDIENCE = 'shop';
export const MAX_ACCESS_TOKEN_SECONDS = 600;

const environmentSchema = z.object({
  ...subgraphVariables,
  ...databaseVariables,
  PORT: envPort.default(4001),
  /** For everybody behind one network address together. */
  SIGN_IN_PER_ADDRESS_PER_MINUTE: envCount.default(30),
  REGISTER_PER_ADDRESS_PER_MINUTE: envCount.default(10),
});

/** What the process of this subgraph reads from its environment. */
export interface UsersSettings extends SubgraphSettings {
  config: UsersConfig;
}

/** Throws ConfigError that names every fault. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): UsersSettings {
  const env = readEnvironment(environmentSchema, environment);
  const config: UsersConfig = {
    ...databaseSettings(env),
    signInPerAddressPerMinute: env.SIGN_IN_PER_ADDRESS_PER_MINUTE,
    registerPerAddressPerMinute: env.REGISTER_PER_ADDRESS_PER_MINUTE,
  };
  return { ...subgraphSettings(env), config };
}
