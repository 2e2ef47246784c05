import type { ServerResponse } from 'node:http';
import { networkOf } from '@shop/platform/network-address';
import type { ClientRequest } from '../client-request.js';
import type { DeliveryCounts } from '../delivery-counts.js';
import type { LiveClient } from '../engine/live/live-event.js';
import type { LiveHub } from '../engine/live/live-hub.js';
import type { Engine } from '../engine.js';
import { followPaying } from '../follow-paying.js';
import type { Credential } from '../identity.js';
import type { LimitWatch } from '../limits/limit-watch.js';
import { excessOf, type Limits } from '../limits/limits.js';
import type { SocketCount } from '../limits/socket-count.js';
import { planSubscription, type AllowedOperation } from '../run-operation.js';
import { countedViewer } from '../sockets/socket-credential.js';
import type { WriteResult } from '../write-result.js';
import { ClientStream } from './client-stream.js';
import type { StreamForm } from './stream-form.js';

export interface StreamDoorOptions {
  engine: Engine;
  hub: LiveHub<ClientRequest>;
  deliveries: DeliveryCounts;
  write: WriteResult;
  limits: Limits;
  watch: LimitWatch;
  ofAddress: SocketCount;
  ofViewer: SocketCount;
  heartbeatMs: number;
  drainSpreadMs: number;
}

/** A client that waits for an answer which goes on. */
export interface StreamClient {
  request: ClientRequest;
  credential: Credential;
  response: ServerResponse;
  form: StreamForm;
  headers: Readonly<Record<string, string>>;
}

export interface StreamDoor extends AsyncDisposable {
  /** Answers with every event. Not when the viewer or the address has too many sockets and streams, nor when this server goes. */
  follow(operation: AllowedOperation, client: StreamClient): 'following' | 'too-many' | 'draining';
  /** Ends the streams of these credentials. */
  endStreams(isEnded: (credential: Credential) => boolean): void;
}

/** Subscriptions over HTTP: answers that go on, by the same rules as sockets. Disposing leaves them off, spread over a while. */
export function openStreamDoor(options: StreamDoorOptions): StreamDoor {
  const { engine, hub, deliveries, write, limits, watch, ofAddress, ofViewer, heartbeatMs, drainSpreadMs } = options;
  const streams = new Set<ClientStream>();
  let isDraining = false;
  const beating = setInterval(() => streams.forEach((stream) => stream.beat()), heartbeatMs).unref();
  const isTooMuch = (waiting: number): boolean => {
    const [excess] = excessOf('socketQueue', limits.socketQueue, () => waiting);
    return excess !== undefined && watch.refuses(excess);
  };
  const enter = ({ request, credential }: StreamClient): (() => void) | null => {
    const leaveAddress = ofAddress.enter(networkOf(request.clientAddress));
    const leaveViewer = leaveAddress && ofViewer.enter(countedViewer(credential));
    if (leaveAddress && !leaveViewer) leaveAddress();
    return leaveViewer && (() => (leaveAddress(), leaveViewer()));
  };
  const start = async (operation: AllowedOperation, { request, response }: StreamClient, stream: ClientStream): Promise<void> => {
    const planned = await planSubscription(operation, request, engine);
    if (response.destroyed) return;
    if (planned.kind === 'refused') {
      stream.next({ text: write({ errors: planned.errors }), key: null });
      return stream.end({ kind: 'completed' });
    }
    const client: LiveClient = {
      next: (answer) => stream.next(answer),
      end: (how) => stream.end(how.kind === 'failed' ? { kind: 'failed', error: write.error(how.error) } : how),
    };
    const following = followPaying(hub, planned.plan, operation, request, client, () => stream.tally.conflated++);
    response.once('close', () => following.leave());
  };
  return {
    follow: (operation, client) => {
      if (isDraining) return 'draining';
      const leave = enter(client);
      if (!leave) return 'too-many';
      const { response, form, headers, credential } = client;
      response.writeHead(200, { ...headers, 'content-type': form.contentType, 'x-accel-buffering': 'no' });
      const tally = deliveries.of(form.door, operation.document, operation.operationName);
      const stream = new ClientStream(response, form, credential, tally, isTooMuch);
      streams.add(stream);
      response.once('close', () => {
        leave();
        stream.gone();
        streams.delete(stream);
      });
      void start(operation, client, stream);
      return 'following';
    },
    endStreams: (isEnded) => {
      for (const stream of streams) if (isEnded(stream.credential)) stream.endUnauthenticated();
    },
    [Symbol.asyncDispose]: async () => {
      isDraining = true;
      clearInterval(beating);
      await Promise.all([...streams].map((stream) => stream.leaveOffAfter(Math.random() * drainSpreadMs)));
    },
  };
}
