import { actorOf, hasScope, viewerUserId, type Viewer } from '@shop/platform/viewer';

interface Owned {
  id: string;
  /** null for a guest's order. */
  customerId: string | null;
}

/** Its owner, whoever holds its token, and staff. To everybody else it does not exist. */
export function mayRead(viewer: Viewer, order: Owned): boolean {
  return isOwn(viewer, order) || hasScope(viewer, 'orders:read');
}

/** May cancel it: its owner, whoever holds its token, and staff who write orders. */
export function mayCancel(viewer: Viewer, order: Owned): boolean {
  return isOwn(viewer, order) || hasScope(viewer, 'orders:write');
}

/** May see which orders a person has: the person, and staff. */
export function mayListOrdersOf(viewer: Viewer, userId: string): boolean {
  return viewerUserId(viewer) === userId || hasScope(viewer, 'orders:read');
}

/**
 * Who did a step, as a viewer may know it: staff know exactly; to everybody else colleagues and machines of the shop are `staff`.
 */
export function shownActor(viewer: Viewer, actor: string, { customerId }: Pick<Owned, 'customerId'>): string {
  const isPublic = !actor.includes(':') || actor === `user:${customerId}` || actor === actorOf(viewer);
  return isPublic || hasScope(viewer, 'orders:read') ? actor : 'staff';
}

function isOwn(viewer: Viewer, { id, customerId }: Owned): boolean {
  if (viewer.kind === 'order-token') return viewer.orderId === id;
  return customerId !== null && viewerUserId(viewer) === customerId;
}
