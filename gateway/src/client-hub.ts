import { newId } from '@shop/platform/ids';
import type { ClientRequest } from './client-request.js';
import { createLiveHub, type LiveHub } from './engine/live/live-hub.js';
import type { DeliveryCounts } from './delivery-counts.js';
import type { WriteResult } from './write-result.js';

/** How long an event of a subscription may take to be completed over the other subgraphs. */
const EVENT_TIMEOUT_MS = 10_000;

const NEVER = AbortSignal.any([]);

/** All subscriptions of this gateway, through whichever door: shared by clients of the same viewer, rights and language. */
export function clientHub(write: WriteResult, deliveries: DeliveryCounts): LiveHub<ClientRequest> {
  return createLiveHub({
    scopeOf: ({ viewer, locale, authorization }) => JSON.stringify([viewer, locale, authorization]),
    freshContext: (request) => ({
      ...request,
      mustBeFresh: true,
      requestId: newId(),
      deadlineAtMs: Date.now() + EVENT_TIMEOUT_MS,
      signal: NEVER,
    }),
    eventTimeoutMs: EVENT_TIMEOUT_MS,
    write,
    conflated: ({ document, operationName }) => void deliveries.of('shared', document, operationName).conflated++,
  });
}
