import type { Logger } from '@shop/platform/logger';
import type { ClientRequest } from './client-request.js';
import type { Denial } from './engine/authorization.js';
import type { DenialText } from './engine/collect-fields.js';
import type { AuthorizationMode, AuthorizationOptions } from './engine/plan-cache.js';

/** What was denied so far. */
export interface DenialCount {
  /** `Type.field` */
  coordinate: string;
  mode: AuthorizationMode;
  count: number;
}

export interface ViewerAuthorization {
  options: AuthorizationOptions<ClientRequest>;
  counts(): readonly DenialCount[];
}

/** Which of the policies hold for whoever sends this request. */
export type DecidePolicies = NonNullable<AuthorizationOptions<ClientRequest>['policies']>;

/**
 * Security directives decided by the viewer's scopes. An order's token, which opens that order only, is no sign-in. Clients are told the
 * codes that subgraphs use too: UNAUTHENTICATED and FORBIDDEN.
 */
export function viewerAuthorization(mode: AuthorizationMode, logger: Logger, policies?: DecidePolicies): ViewerAuthorization {
  const counted = new Map<string, number>();
  return {
    options: {
      mode,
      claims: ({ viewer }) => ('scopes' in viewer ? { isAuthenticated: true, scopes: viewer.scopes } : nobody),
      ...(policies && { policies }),
      textOf,
      denied: (denials) => {
        for (const { coordinate } of denials) {
          counted.set(coordinate, (counted.get(coordinate) ?? 0) + 1);
          if (mode === 'dry-run') logger.warn({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' }, `${coordinate} would be denied, and was let through`);
        }
      },
    },
    counts: () => [...counted].map(([coordinate, count]) => ({ coordinate, mode, count })),
  };
}

const nobody = { isAuthenticated: false, scopes: [] };

function textOf({ coordinate, failed, isAuthenticated }: Denial): DenialText {
  if (!isAuthenticated) return { message: `Sign in first: ${coordinate} is not for everybody.`, code: 'UNAUTHENTICATED' };
  const scopes = failed.flatMap(({ kind, anyOf }) => (kind === 'requiresScopes' ? anyOf.map((all) => all.join(' and ')) : []));
  const needed = scopes.length > 0 ? ` It needs the scope ${scopes.join(' or ')}.` : '';
  return { message: `${coordinate} is not for you.${needed}`, code: 'FORBIDDEN' };
}
