import { anonymous } from '@shop/platform/viewer';
import { claimsOf } from '@shop/tests/kit/subgraph';
import type { ClientRequest } from '../src/client-request.js';

/** A request of nobody in particular, without an end; two of them are alike in all but their ids. */
export function clientRequest({ viewer = anonymous, ...more }: Partial<ClientRequest> = {}): ClientRequest {
  return { ...claimsOf(viewer), deadlineAtMs: Infinity, signal: new AbortController().signal, authorization: null, ...more };
}
