import { parse, print, type FormattedExecutionResult } from 'graphql';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { newId } from '@shop/platform/ids';
import { createLogger } from '@shop/platform/logger';
import type { EnvelopeClaims } from '@shop/platform/envelope';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport } from '@shop/platform/subgraph-transport';

/** The envelope secret of every subgraph in tests. */
export const TEST_SECRET = 'a-secret-for-tests-of-at-least-32-characters';

export const quietLogger = createLogger('test', process.env['LOG_LEVEL'] ?? 'silent');

export function userViewer(userId: string = newId(), scopes: string[] = [], roles: string[] = ['customer']): Viewer {
  return { kind: 'user', userId, sessionId: newId(), roles, scopes };
}

/** What the gateway says of a request of this viewer, which may take 20 s. */
export function claimsOf(viewer: Viewer, overrides: Partial<EnvelopeClaims> = {}): EnvelopeClaims {
  return {
    viewer,
    locale: 'en',
    clientAddress: '127.0.0.1',
    requestId: newId(),
    traceparent: null,
    deadlineAtMs: Date.now() + 20_000,
    ...overrides,
  };
}

export type Ask = (query: string, variables?: Record<string, unknown>) => Promise<FormattedExecutionResult<Record<string, unknown>>>;

/** Asks one subgraph directly, as the gateway would for this viewer. */
export function as(
  subgraph: RunningSubgraph,
  viewer: Viewer = anonymous,
  overrides: Partial<EnvelopeClaims> = {},
  secret = TEST_SECRET,
): Ask {
  const transport = directTransport(subgraph.server, secret);
  return async (query, variables = {}) => {
    const result = await transport.execute(
      { query: print(parse(query)), variables },
      claimsOf(viewer, overrides),
      AbortSignal.timeout(20_000),
    );
    return { ...result, ...(result.data && { data: result.data as Record<string, unknown> }) };
  };
}

/** The data of an answer that must not have errors. */
export async function dataOf(answer: ReturnType<Ask>): Promise<Record<string, unknown>> {
  const { data, errors } = await answer;
  if (errors?.length || !data) throw new Error(`Expected data, got ${JSON.stringify(errors)}`);
  return data;
}

/** Lets every subgraph do what is due until all are quiet; throws when that takes more than `rounds`. */
export async function settle(subgraphs: readonly RunningSubgraph[], rounds = 200): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    let done = 0;
    for (const subgraph of subgraphs) done += await subgraph.settle();
    if (done === 0) return;
  }
  throw new Error(`Still busy after ${rounds} rounds.`);
}
