import type { IncomingHttpHeaders } from 'node:http';

/** The credential of a request, as an Authorization header; an API key may come as X-Api-Key instead. Two that differ are no credential. */
export function authorizationOf({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string | undefined {
  if (typeof apiKey !== 'string') return authorization;
  const asBearer = `Bearer ${apiKey}`;
  return authorization === undefined || authorization === asBearer ? asBearer : `${authorization}, ${apiKey}`;
}
