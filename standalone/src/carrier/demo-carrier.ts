import { print, type DocumentNode } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { request } from 'undici';
import { z } from 'zod';
import { CarrierSignInDocument, OrdersOnTheWayDocument, ReportTrackingDocument, ShipOrderDocument } from '@shop/generated/api/graphql';
import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import { nextCarrierStep, type CarrierStep } from './parcel-route.js';

export interface DemoCarrierOptions {
  /** Where the shop answers, e.g. http://127.0.0.1:4000. */
  url: string;
  email: string;
  password: string;
  logger: Logger;
}

/**
 * A parcel service for the demo: an ordinary client of the public API with a staff sign-in, which ships confirmed orders and reports
 * their way to the door. Looks every second; what fails is tried again then.
 */
export function startDemoCarrier({ url, email, password, logger }: DemoCarrierOptions): Poller {
  let token: string | null = null;

  const send = (document: DocumentNode, variables: Record<string, unknown>) => {
    const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) };
    return request(new URL('/graphql', url), {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: print(document), variables }),
      headersTimeout: 10_000,
      bodyTimeout: 10_000,
    });
  };
  const ask = async <R, V extends Record<string, unknown>>(document: TypedDocumentNode<R, V>, variables: V): Promise<R> => {
    let answer = await send(document, variables);
    // An access token lives for minutes, the carrier for as long as the shop.
    if (answer.statusCode === 401 && token !== null) {
      await answer.body.dump();
      token = null;
      await signIn();
      answer = await send(document, variables);
    }
    const { data, errors } = answerSchema.parse(await answer.body.json());
    if (!data || errors) throw new Error(`The shop answered ${answer.statusCode}: ${errors?.map(({ message }) => message).join('; ')}`);
    return data as R;
  };
  const signIn = async (): Promise<void> => {
    const { signIn: session } = await ask(CarrierSignInDocument, { email, password });
    if (session.__typename !== 'AuthSession') throw new Error(`The carrier cannot sign in: ${session.__typename}`);
    token = session.accessToken;
  };
  const take = async (step: CarrierStep): Promise<unknown> => {
    if (step.kind === 'ship')
      return ask(ShipOrderDocument, {
        input: { orderId: step.orderId, carrier: 'Demo Parcel', trackingNumber: `DP-${step.orderId.slice(-12).toUpperCase()}` },
      });
    const { shipmentId, status, location, message } = step;
    return ask(ReportTrackingDocument, { input: { shipmentId, status, location, message } });
  };
  return startPoller({
    name: 'demo carrier',
    everyMs: 1_000,
    logger,
    work: async () => {
      if (token === null) await signIn();
      for (const status of ['CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED'] as const) {
        const { orders } = await ask(OrdersOnTheWayDocument, { status });
        for (const order of orders.nodes) {
          const step = nextCarrierStep(order, new Date());
          if (step) await take(step);
        }
      }
      return 0;
    },
  });
}

const answerSchema = z.object({ data: z.unknown().optional(), errors: z.array(z.object({ message: z.string() })).optional() });
