import { z } from 'zod';
import type { Viewer } from '@shop/platform/viewer';
import type { Credential } from '../identity.js';

const header = z.object({ authorization: z.string().optional(), Authorization: z.string().optional() });
const payloadSchema = header.extend({ headers: header.optional() });

/** The credential of a `connection_init` or a `ping`: `{ "authorization": "Bearer …" }`, also inside `headers`, as clients are used to. */
export function authorizationIn(payload: unknown): { kind: 'found'; value: string | undefined } | { kind: 'faulty' } {
  const { data } = payloadSchema.safeParse(payload ?? {});
  if (!data) return { kind: 'faulty' };
  const value = data.authorization ?? data.Authorization ?? data.headers?.authorization ?? data.headers?.Authorization;
  return { kind: 'found', value };
}

/** Who a viewer is, whatever their rights are at the moment; null for nobody in particular. */
export function viewerKey(viewer: Viewer): string | null {
  switch (viewer.kind) {
    case 'user':
      return `user ${viewer.userId}`;
    case 'order-token':
      return `order ${viewer.orderId}`;
    case 'partner':
      return `partner ${viewer.clientId}`;
    case 'service':
      return `service ${viewer.name}`;
    case 'anonymous':
      return null;
    default:
      return viewer satisfies never;
  }
}

/** The key of the limit of sockets: nobody in particular has none but that of the address. */
export function countedViewer({ viewer }: Credential): string | null {
  return viewer.kind === 'user' || viewer.kind === 'order-token' ? viewerKey(viewer) : null;
}

export function isExpired({ expiresAtMs }: Credential, nowMs: number): boolean {
  return expiresAtMs !== null && expiresAtMs <= nowMs;
}

/** Calls `end` when the credential expires. */
export function atExpiry({ expiresAtMs }: Credential, end: () => void): NodeJS.Timeout | null {
  if (expiresAtMs === null) return null;
  return setTimeout(end, Math.min(Math.max(0, expiresAtMs - Date.now()), 2 ** 31 - 1)).unref();
}
