import { z } from 'zod';

/**
 * Who asks, as the gateway found out and signed it:
 * - `user`: a person with a session; `scopes` follow from their roles;
 * - `order-token`: whoever holds the token of one order, and may read and follow that order only;
 * - `partner`: a machine client with its own scopes;
 * - `service`: one of our own processes at work on its own account (an index rebuild, the demo carrier's set-up).
 */
export const viewerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({ kind: z.literal('user'), userId: z.string(), sessionId: z.string(), roles: z.array(z.string()), scopes: z.array(z.string()) }),
  z.object({ kind: z.literal('order-token'), orderId: z.string() }),
  z.object({ kind: z.literal('partner'), clientId: z.string(), scopes: z.array(z.string()) }),
  z.object({ kind: z.literal('service'), name: z.string(), scopes: z.array(z.string()) }),
]);

export type Viewer = z.infer<typeof viewerSchema>;

export const anonymous: Viewer = { kind: 'anonymous' };

/** False for whoever has no scopes at all: guests and holders of an order's token. */
export function hasScope(viewer: Viewer, scope: string): boolean {
  return 'scopes' in viewer && viewer.scopes.includes(scope);
}

/** The signed-in person's id, or null for everybody else. */
export function viewerUserId(viewer: Viewer): string | null {
  return viewer.kind === 'user' ? viewer.userId : null;
}

/** A short name for timelines and audit: `user:<id>`, `partner:<id>`, `service:<name>`, `guest`. Holds no personal data. */
export function actorOf(viewer: Viewer): string {
  switch (viewer.kind) {
    case 'user':
      return `user:${viewer.userId}`;
    case 'partner':
      return `partner:${viewer.clientId}`;
    case 'service':
      return `service:${viewer.name}`;
    case 'order-token':
    case 'anonymous':
      return 'guest';
    default:
      return viewer satisfies never;
  }
}
