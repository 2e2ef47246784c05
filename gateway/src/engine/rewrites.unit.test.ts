import { expect, it } from 'vitest';
import type { JsonObject } from './json.js';
import { compileRewrites } from './rewrites.js';

const conditions = (name: string) => new Set(name === 'Pet' ? ['Pet', 'Cat'] : [name]);

it.each([0, '', false, null, 'text'])('a renamed key keeps its value, also %j', (value) => {
  const entity: JsonObject = { price__alias_0: value };
  compileRewrites([{ kind: 'KeyRenamer', path: ['price__alias_0'], renameKeyTo: 'price' }], conditions)?.(entity);
  expect(JSON.stringify(entity)).toBe(JSON.stringify({ price: value }));
});

it('a value is set in every object of a list that fits the type, and in no other', () => {
  const entity: JsonObject = { pets: [{ __typename: 'Cat' }, [{ __typename: 'Dog' }], { name: 'untold' }, null] };
  compileRewrites([{ kind: 'ValueSetter', path: ['pets', '... on Pet', 'kind'], setValueTo: 'pet' }], conditions)?.(entity);
  expect(entity).toEqual({ pets: [{ __typename: 'Cat', kind: 'pet' }, [{ __typename: 'Dog' }], { name: 'untold', kind: 'pet' }, null] });
});
