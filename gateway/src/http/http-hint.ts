import type { GraphQLError } from 'graphql';

/** What an error says of the answer that tells of it, in its extension `http`, which no client sees. */
export interface HttpHint {
  status?: number;
  headers?: ReadonlyMap<string, string>;
}

export function httpHint({ extensions: { http } }: GraphQLError): HttpHint {
  if (typeof http !== 'object' || http === null) return {};
  return {
    ...('status' in http && typeof http.status === 'number' && { status: http.status }),
    ...('headers' in http && http.headers instanceof Map && { headers: http.headers }),
  };
}

/** The error as a client may see it. */
export function withoutHint(error: GraphQLError): object {
  const { extensions: { http: _http, ...extensions } = {}, ...told } = error.toJSON();
  return { ...told, extensions };
}
