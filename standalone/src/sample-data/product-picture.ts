import { pictureColours, shapes } from './picture-shapes.js';
import type { PictureFacts } from './sample-products.js';

/** An SVG of 800 × 880 that shows what kind of thing a product is, in its colour. The same facts always give the same picture. */
export function productPicture({ name, brand, kind, colour }: PictureFacts): string {
  const main = pictureColours[colour] ?? '#8796a5';
  const drawing = shapes[kind]
    .replaceAll('$m', main)
    .replaceAll('$d', mixed(main, '#14161c', 0.35))
    .replaceAll('$l', mixed(main, '#ffffff', 0.6));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 440" width="800" height="880" role="img" aria-label="${escaped(`${name} by ${brand}`)}">
<defs><radialGradient id="g" cx="50%" cy="42%" r="75%"><stop offset="0" stop-color="${mixed(main, '#ffffff', 0.93)}"/><stop offset="1" stop-color="${backdrop(main)}"/></radialGradient></defs>
<rect width="400" height="440" fill="url(#g)"/><ellipse cx="200" cy="356" rx="130" ry="14" fill="#14161c" opacity=".12"/>
${drawing}
<text x="200" y="404" text-anchor="middle" font-family="Georgia, serif" font-size="17" fill="#34373d">${escaped(name)}</text>
<text x="200" y="425" text-anchor="middle" font-family="Georgia, serif" font-size="12" fill="#6b6f77" letter-spacing="2">${escaped(brand.toUpperCase())}</text>
</svg>
`;
}

/** Pale things stand before a darker ground. */
function backdrop(main: string): string {
  const pale = channels(main).every((channel) => channel > 200);
  return pale ? '#b9b3a6' : mixed(main, '#ffffff', 0.72);
}

/** `share` of the second colour in the first. */
function mixed(first: string, second: string, share: number): string {
  const other = channels(second);
  const parts = channels(first).map((channel, i) => Math.round(channel * (1 - share) + (other[i] ?? 0) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
