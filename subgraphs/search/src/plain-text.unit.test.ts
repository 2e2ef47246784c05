import { expect, it } from 'vitest';
import { plainText } from './plain-text.js';
import { wordsOf } from './text-analysis.js';

it.each([
  ['<p>Warm light.</p><ul><li>Oak</li><li>Brass</li></ul>', 'Warm light Oak Brass'],
  ['<h3>Care</h3>Dry<br>only<br />ever', 'Care Dry only ever'],
  ['water<b>proof</b> <em>and</em> <strong>light</strong>', 'waterproof and light'],
  ['see <a href="https://shop.example/strong">the lamp</a>', 'see the lamp'],
  ['salt &amp; pepper&nbsp;mill &#8211; &#x2014; &quot;big&quot;', 'salt pepper mill big'],
  ['5 < 7 and b > a, R&D', '5 7 and b a R D'],
  ['no markup at all', 'no markup at all'],
])('%s', (html, words) => {
  const found = wordsOf(plainText(html)).map(({ text }) => text);
  expect(found.join(' ')).toBe(words);
});
