import { describe, expect, it } from 'vitest';
import { markedName } from './marked-name.js';

const copy = (text: string) => text.replaceAll('[', '\uE000').replaceAll(']', '\uE001');

describe('a marked name', () => {
  it.each([
    ['Hiking Boot', ['[Hiking] [Boot]'], '<mark>Hiking</mark> <mark>Boot</mark>'],
    ['Classic T-Shirt', ['Classic [T-Shirt]', 'Classic [T]-[Shirt]'], 'Classic <mark>T-Shirt</mark>'],
    ['27" 4K', ['27" [4K]'], '27&quot; <mark>4K</mark>'],
    ['<b>', [], '&lt;b&gt;'],
    ['', [''], ''],
    ['a b', ['[a] b', 'a [b]'], '<mark>a</mark> <mark>b</mark>'],
  ])('%s', (name, copies, html) => {
    expect(markedName(name, copies.map(copy))).toBe(html);
  });
});
