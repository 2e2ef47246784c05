import { expect, test } from 'vitest';
import { pagePolicy, pageText } from './layout.js';
import { startPage } from './start-page.js';

const signIns = [{ email: 'customer@shop.example', role: 'has orders' }];

test('the start page says where the shop answers and how to sign in', () => {
  const text = pageText(startPage({ address: 'http://localhost:4000', signIns, password: 'demo-shop-password' }));
  for (const fact of ['http://localhost:4000/graphql', 'customer@shop.example', 'demo-shop-password', 'href="/track"'])
    expect(text).toContain(fact);
});

test('without demo accounts the start page offers no sign-in', () => {
  const text = pageText(startPage({ address: 'http://localhost:4000', signIns: [], password: '' }));
  expect(text).not.toContain('Demo sign-ins');
});

test('a page carries no script and no style of its own and asks nobody else', () => {
  const text = pageText(startPage({ address: 'http://localhost:4000', signIns, password: 'x' }));
  expect(text).not.toMatch(/<style|<script(?! defer src="\/)| style="| on[a-z]+="/);
  expect(text).not.toMatch(/(src|href)="(?!\/|#)/);
  expect(pagePolicy).not.toMatch(/unsafe|https?:/);
});
