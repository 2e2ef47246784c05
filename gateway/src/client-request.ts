import { LRUCache } from 'lru-cache';
import type { EnvelopeClaims } from '@shop/platform/envelope';

/** One request of a client, known and timed; what the gateway hands down to subgraphs. */
export interface ClientRequest extends EnvelopeClaims {
  /** Something has just happened that the answer has to know of: nothing that was asked before will do. */
  mustBeFresh?: boolean;
  /** Fires at the deadline or when the client has left. */
  signal: AbortSignal;
  /** The client's own header, for subgraphs that judge it themselves; null before those of this platform, which get claims instead. */
  authorization: string | null;
}

/** What of a request is told to subgraphs of this platform. */
export function claimsOf({ viewer, locale, clientAddress, requestId, traceparent, deadlineAtMs }: ClientRequest): EnvelopeClaims {
  return { viewer, locale, clientAddress, requestId, traceparent, deadlineAtMs };
}

/** Browsers send a few hundred different headers; understanding one costs more than remembering it. */
const known = new LRUCache<string, string>({ max: 1_000 });

/** The first language of an Accept-Language header; English when there is none that can be understood. */
export function preferredLocale(acceptLanguage: string | undefined): string {
  if (!acceptLanguage) return 'en';
  const remembered = known.get(acceptLanguage);
  if (remembered) return remembered;
  const locale = canonicalLocale(acceptLanguage.split(',')[0]?.split(';')[0]?.trim() ?? '') ?? 'en';
  known.set(acceptLanguage, locale);
  return locale;
}

function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
