import { buildSchema, parse, type ExecutionResult } from 'graphql';
import { expect, it } from 'vitest';
import { TIMED_OUT } from '@shop/platform/lifecycle';
import type { Viewer } from '@shop/platform/viewer';
import type { ClientRequest } from '../src/client-request.js';
import type { ClientOperation, Engine } from '../src/engine.js';
import { sharedQueries } from '../src/shared-queries.js';
import { clientRequest } from './client-request.js';

const document = parse('query Q($n: Int, $__proto__: Int) { a(n: $n) } mutation M { b }');
const query = (variables: Record<string, unknown> = {}): ClientOperation => ({ document, operationName: 'Q', variables });
const mutation: ClientOperation = { document, operationName: 'M', variables: {} };

const request = (over: Partial<ClientRequest> = {}) => clientRequest({ deadlineAtMs: 1_000_000, ...over });

/** An engine that answers when it is told to, in the order in which it was asked. */
function slowEngine() {
  const asked: { operation: ClientOperation; answer(): void; fail(error: Error): void }[] = [];
  const refuse = () => Promise.reject(new Error('not asked here'));
  const engine: Engine = {
    apiSchema: buildSchema('type Query { a(n: Int): Int }'),
    execute: (operation) =>
      new Promise<ExecutionResult>((resolve, reject) => {
        const nth = asked.length;
        asked.push({ operation, answer: () => resolve({ data: { a: nth } }), fail: reject });
      }),
    executeIncrementally: refuse,
    planLive: refuse,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { asked, ...sharedQueries(engine) };
}

it('identical queries under way are run once, and the next one anew', async () => {
  const { execute, asked } = slowEngine();
  const answers = [execute(query({ n: 1 }), request()), execute(query({ n: 1 }), request({ requestId: 'another' }))];
  asked[0]?.answer();
  const [first, second] = await Promise.all(answers);
  expect(first).toBe(second);
  void execute(query({ n: 1 }), request());
  expect(asked).toHaveLength(2);
});

it.each<[string, ClientOperation, Partial<ClientRequest>]>([
  ['variables', query({ n: 2 }), {}],
  ['a document', { ...query({ n: 1 }), document: parse('{ a }'), operationName: undefined }, {}],
  ['a language', query({ n: 1 }), { locale: 'de' }],
  ['a viewer', query({ n: 1 }), { viewer: { kind: 'order-token', orderId: 'o' } satisfies Viewer }],
  ['a credential', query({ n: 1 }), { authorization: 'Bearer x' }],
  ['a much later deadline', query({ n: 1 }), { deadlineAtMs: 1_002_000 }],
])('a query with %s of its own is run by itself', (_, operation, over) => {
  const { execute, asked } = slowEngine();
  void execute(query({ n: 1 }), request());
  void execute(operation, request(over));
  expect(asked).toHaveLength(2);
});

it('who has written reads what was written', async () => {
  const { execute, asked } = slowEngine();
  void execute(query(), request());
  const writing = execute(mutation, request());
  asked[1]?.answer();
  await writing;
  void execute(query(), request());
  expect(asked).toHaveLength(3);
});

it('mutations are run each by itself', () => {
  const { execute, asked } = slowEngine();
  void execute(mutation, request());
  void execute(mutation, request());
  expect(asked).toHaveLength(2);
});

it('whoever joined a query whose own client has left runs it again, together', async () => {
  const { execute, asked } = slowEngine();
  const leaving = new AbortController();
  void execute(query(), request({ signal: leaving.signal }));
  const joined = [execute(query(), request()), execute(query(), request())];
  leaving.abort(new Error('The client has left.'));
  const later = execute(query(), request());
  expect(asked).toHaveLength(2);
  asked[0]?.answer();
  asked[1]?.answer();
  expect(await Promise.all([...joined, later])).toEqual([1, 1, 1].map((a) => ({ data: { a } })));
});

it('what the deadline left is the answer of all who joined, and so is a fault', async () => {
  const { execute, asked } = slowEngine();
  const late = new AbortController();
  const cut = [execute(query(), request({ signal: late.signal })), execute(query(), request())];
  late.abort(TIMED_OUT);
  asked[0]?.answer();
  expect(await Promise.all(cut)).toEqual([{ data: { a: 0 } }, { data: { a: 0 } }]);
  const faulty = [execute(query(), request()), execute(query(), request())];
  asked[1]?.fail(new Error('a bug'));
  for (const each of faulty) await expect(each).rejects.toThrow('a bug');
});
