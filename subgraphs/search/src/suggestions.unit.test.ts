import { expect, it } from 'vitest';
import { chooseSuggestions, completing, completions } from './suggestions.js';

const sources = {
  queries: [
    { text: 'lamp', weight: 1 },
    { text: 'lampshade', weight: 9 },
    { text: 'lumo', weight: 50 },
  ],
  categories: [{ text: 'Lamps', weight: 4 }],
  brands: [{ text: 'Lumo', weight: 2 }],
  products: [
    { text: 'Desk Lamp', productId: 'p1' },
    { text: 'Desk Lamp', productId: 'p2' },
  ],
};

it('gives every kind its turn and groups them', () => {
  expect(chooseSuggestions(sources, 5).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'QUERY lampshade',
    'QUERY lamp',
    'CATEGORY Lamps',
    'BRAND Lumo',
    'PRODUCT Desk Lamp',
  ]);
});

it('fills the places that a kind leaves and keeps products of one name apart', () => {
  const chosen = chooseSuggestions({ ...sources, queries: [], categories: [], brands: [] }, 8);
  expect(chosen).toEqual([
    { kind: 'PRODUCT', text: 'Desk Lamp', productId: 'p1' },
    { kind: 'PRODUCT', text: 'Desk Lamp', productId: 'p2' },
  ]);
});

it('completes names at the beginning of any word, whatever the accents', () => {
  const names = ['Café & Thé', 'Decaf', 'Ca fe'].map((text) => ({ text, weight: 1 }));
  expect(completing('CAF', names).map(({ text }) => text)).toEqual(['Café & Thé']);
  expect(completing('the', names).map(({ text }) => text)).toEqual(['Café & Thé']);
  expect(completing(' ', names)).toEqual([]);
});

it('completes the last word and keeps those before it', () => {
  expect(completions(' Red sh', [{ text: 'shoe', weight: 2 }])).toEqual([{ text: 'red shoe', weight: 2 }]);
});
