import { escapeHtml } from '../highlight.js';

/** Where the engine begins and ends a mark; in no name. */
export const MARK_BEGIN = '\uE000';
export const MARK_END = '\uE001';

/** A name with everything that any of its marked copies marks in `<mark>`, all else escaped. */
export function markedName(name: string, copies: readonly string[]): string {
  const isMarked = new Uint8Array(name.length);
  for (const copy of copies) markIn(isMarked, copy);
  const html: string[] = [];
  let inside = false;
  let from = 0;
  for (let at = 0; at <= name.length; at++) {
    const marked = isMarked[at] === 1;
    if (at < name.length && marked === inside) continue;
    const text = escapeHtml(name.slice(from, at));
    html.push(inside ? `<mark>${text}</mark>` : text);
    [inside, from] = [marked, at];
  }
  return html.join('');
}

function markIn(isMarked: Uint8Array, copy: string): void {
  let at = 0;
  let inside = false;
  for (const unit of copy.split('')) {
    if (unit === MARK_BEGIN) inside = true;
    else if (unit === MARK_END) inside = false;
    else {
      if (inside) isMarked[at] = 1;
      at += 1;
    }
  }
}
