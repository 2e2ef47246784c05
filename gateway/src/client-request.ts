import type { EnvelopeClaims } from '@shop/platform/envelope';

/** One request of a client, known and timed; what the gateway hands down to subgraphs. */
export interface ClientRequest extends EnvelopeClaims {
  /** Fires at the deadline or when the client has left. */
  signal: AbortSignal;
}

/** The first language of an Accept-Language header; English when there is none that can be understood. */
export function preferredLocale(acceptLanguage: string | undefined): string {
  const first = acceptLanguage?.split(',')[0]?.split(';')[0]?.trim() ?? '';
  try {
    return Intl.getCanonicalLocales(first)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
