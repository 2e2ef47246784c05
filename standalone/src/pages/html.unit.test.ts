import { expect, test } from 'vitest';
import { html, jsonBlock } from './html.js';

test('text is escaped, in content and in attributes', () => {
  const evil = `"><script>alert('x')</script>&`;
  expect(html`<a title="${evil}">${evil}</a>`.text).toBe(
    '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
  );
});

test('markup inside of markup stays, lists are joined, nothing leaves nothing', () => {
  const items = ['a', 'b & c'].map((item) => html`<b>${item}</b>`);
  expect(html`<i>${items}</i>${null}${0}`.text).toBe('<i><b>a</b><b>b &amp; c</b></i>0');
});

test('data for a script cannot end its element', () => {
  const { text } = jsonBlock('data', { evil: '</script><script>alert(1)</script>' });
  expect(text.match(/<\/script>/g)).toHaveLength(1);
  expect(JSON.parse(text.replace(/^<script[^>]*>|<\/script>$/g, ''))).toEqual({ evil: '</script><script>alert(1)</script>' });
});
