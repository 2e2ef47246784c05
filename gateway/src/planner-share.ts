import { networkOf } from '@shop/platform/network-address';
import { actorOf } from '@shop/platform/viewer';
import type { ClientRequest } from './client-request.js';

/** Whose share of the planner's time a new operation takes: whoever has signed in has one alone, all others of one network have one together. */
export function plannerShare({ viewer, clientAddress }: Pick<ClientRequest, 'viewer' | 'clientAddress'>): string {
  const actor = actorOf(viewer);
  return actor === 'guest' ? `guests of ${networkOf(clientAddress)}` : actor;
}
