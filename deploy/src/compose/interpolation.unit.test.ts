import { expect, it } from 'vitest';
import { interpolate, requiredVariables, variablesIn } from './interpolation.js';

it('fills in what is set, defaults where nothing is, and a dollar for two', () => {
  expect(interpolate('${A} ${B:-two} ${C:-three} $$D', { A: 'one', C: '' })).toBe('one two three $D');
});

it('names all that is needed and not set', () => {
  expect(() => interpolate('${A:?} ${B:?say why} ${C}', { C: 'x' })).toThrow('Not set: A, B');
});

it('lists the variables, each once', () => {
  const text = '${B:?} ${A:-1} ${B:?} $$E ${F}';
  expect(requiredVariables(text)).toEqual(['B']);
  expect(variablesIn(text)).toEqual(['B', 'A', 'F']);
});
