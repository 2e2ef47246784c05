import type { ClientRequest } from './client-request.js';
import type { LiveClient } from './engine/live/live-event.js';
import type { Following, LiveHub } from './engine/live/live-hub.js';
import type { LivePlan } from './engine/live/live-plan.js';
import { PayingClient } from './partners/paying-client.js';
import type { AllowedOperation } from './run-operation.js';

/** Follows a subscription for a client that may have to pay for it; `conflated` hears of every answer that is dropped for a later one. */
export function followPaying(
  hub: LiveHub<ClientRequest>,
  plan: LivePlan<ClientRequest>,
  operation: AllowedOperation,
  request: ClientRequest,
  client: LiveClient,
  conflated: () => void,
): Following<ClientRequest> {
  const { stream } = operation;
  if (!stream) return hub.follow(plan, operation, request, client);
  const ended: LiveClient = {
    next: (answer) => client.next(answer),
    end: (how) => {
      leave();
      client.end(how);
    },
  };
  const paying = new PayingClient(ended, { charge: stream.charge, conflated });
  const following = hub.follow(plan, operation, request, paying);
  const close = stream.open((error) => paying.fail(error));
  const leave = () => {
    paying.stop();
    close();
    following.leave();
  };
  return { leave, moveTo: following.moveTo };
}
