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
