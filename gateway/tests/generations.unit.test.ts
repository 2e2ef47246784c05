import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { quietLogger } from '@shop/tests/kit/subgraph';
import type { ClientRequest } from '../src/client-request.js';
import type { LivePlan } from '../src/engine/live/live-plan.js';
import type { Generation } from '../src/generation.js';
import { generations } from '../src/generations.js';
import { clientRequest } from './client-request.js';

const request = clientRequest();

/** Known by its source, and never followed. */
const planOf = (source: string): LivePlan<ClientRequest> => ({
  source,
  shape: source,
  open: async () => ({ data: null }),
  marksOf: () => ({ cursor: null, entity: null }),
  complete: async () => ({ data: null }),
  policy: { joining: { kind: 'nothing' }, conflate: false, canResume: false },
});

/** A schema is a list of fields here: a text is valid when it asks for one of them. */
function schemasOf(first: string, registered: readonly string[] = []) {
  const disposed: string[] = [];
  const warmed: string[] = [];
  const build = (fields: string): Generation => {
    if (fields === 'broken') throw new Error('it is broken');
    const known = new Map<string, DocumentNode>();
    return {
      engine: {
        apiSchema: undefined as never,
        execute: async () => ({ data: { by: fields } }),
        executeIncrementally: async () => ({ kind: 'whole', result: { data: { by: fields } } }),
        planLive: async () => ({ kind: 'planned', plan: planOf(fields) }),
        plans: {
          warm: async (operations) => {
            if (fields === 'unplannable') return operations.map((operation) => ({ operation, error: new Error('nothing can be planned') }));
            warmed.push(...operations.map(({ document }) => `${fields}: ${document.loc?.source.body}`));
            return [];
          },
          mostUsed: () => [...known.values()].map((document) => ({ document, operationName: undefined })),
          planCounts: () => ({ hits: 0, misses: 0, size: 0 }),
          entityCounts: () => ({ places: 0, representations: 0 }),
        },
        [Symbol.asyncDispose]: async () => void disposed.push(fields),
      },
      check: {
        document: (text) => {
          if (!fields.split(' ').some((field) => text.includes(field)))
            return { kind: 'refused', errors: [new GraphQLError('unknown field')] };
          const document = known.get(text) ?? parse(text);
          known.set(text, document);
          return { kind: 'valid', document };
        },
        operation: () => null,
        cost: () => 0,
        sharedSeconds: () => 0,
      },
    };
  };
  const schemas = generations({ build, supergraphSdl: first, registered: () => registered, logger: quietLogger, graceMs: 0 });
  const operationOf = (text: string) => {
    const checked = schemas.check.document(text);
    if (checked.kind === 'refused') throw new Error('It is not valid');
    return { document: checked.document, operationName: undefined, variables: {} };
  };
  return { schemas, disposed, warmed, operationOf };
}

const nobody = { replan: async () => undefined };

describe('an operation that was checked before another schema came', () => {
  it('runs where it was checked', async () => {
    const { schemas, operationOf } = schemasOf('old both');
    const operation = operationOf('{ both }');
    await schemas.reload('new both', nobody);
    expect(await schemas.engine.execute(operation, request)).toEqual({ data: { by: 'old both' } });
    expect(await schemas.engine.execute(operationOf('{ both }'), request)).toEqual({ data: { by: 'new both' } });
  });

  it('is followed on the new one, or told that it is no longer valid', async () => {
    const { schemas, operationOf } = schemasOf('old both');
    const [both, old] = [operationOf('subscription { both }'), operationOf('subscription { old }')];
    await schemas.reload('new both', nobody);
    expect(await schemas.engine.planLive(both, request)).toMatchObject({ plan: { source: 'new both' } });
    expect(await schemas.engine.planLive(old, request)).toMatchObject({
      kind: 'refused',
      errors: [{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }],
    });
  });
});

describe('a schema that comes', () => {
  it('plans every subscription again, and ends those that it does not know', async () => {
    const { schemas, operationOf } = schemasOf('old both');
    const following = [operationOf('subscription { both }'), operationOf('subscription { old }')];
    const plans: unknown[] = [];
    await schemas.reload('new both', {
      replan: async (planFor) => {
        for (const operation of following) plans.push((await planFor(operation, request))?.source ?? null);
      },
    });
    expect(plans).toEqual(['new both', null]);
  });

  it('is warmed with what was used and what is registered, each once', async () => {
    const { schemas, warmed, operationOf } = schemasOf('old both', ['{ both }', '{ new }']);
    await schemas.warmed;
    expect(warmed).toEqual(['old both: { __typename }', 'old both: { both }']);
    operationOf('{ old }');
    operationOf('{ both other }');
    warmed.length = 0;
    expect(await schemas.reload('new both', nobody)).toEqual({ kind: 'taken', warmed: 3 });
    expect(warmed).toEqual(['new both: { __typename }', 'new both: { both }', 'new both: { both other }', 'new both: { new }']);
  });

  it.each([
    ['broken', 'it is broken'],
    ['unplannable', 'nothing can be planned'],
  ])('is refused when it is %s', async (sdl, reason) => {
    const { schemas, disposed, operationOf } = schemasOf('old');
    expect(await schemas.reload(sdl, nobody)).toEqual({ kind: 'refused', reason });
    expect(await schemas.engine.execute(operationOf('{ old }'), request)).toEqual({ data: { by: 'old' } });
    expect(schemas.counts()).toEqual({ taken: 0, refused: 1 });
    expect(disposed).toEqual(sdl === 'broken' ? [] : [sdl]);
  });

  it('comes after the one before it', async () => {
    const { schemas, disposed, operationOf } = schemasOf('first both');
    const reloads = ['second both', 'broken', 'third both', 'third both'].map((sdl) => schemas.reload(sdl, nobody));
    expect((await Promise.all(reloads)).map(({ kind }) => kind)).toEqual(['taken', 'refused', 'taken', 'unchanged']);
    expect(await schemas.engine.execute(operationOf('{ both }'), request)).toEqual({ data: { by: 'third both' } });
    await schemas[Symbol.asyncDispose]();
    expect(disposed.toSorted()).toEqual(['first both', 'second both', 'third both']);
  });
});
