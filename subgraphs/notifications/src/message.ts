import { formatAmount } from '@shop/platform/money';
import type { Draft, Topic, TopicFacts, Wording } from './wording.js';
import { german } from './wording.de.js';
import { english } from './wording.en.js';

/** One message as people read it: the same words as plain text and as HTML. */
export interface Message {
  subject: string;
  text: string;
  html: string;
}

/** Words a message in the reader's language; English when we don't speak it. `url` is where its link leads: http or https. */
export function compose<T extends Topic>(topic: T, facts: TopicFacts[T], locale: string, url: string): Message {
  const draft = wordingFor(locale)[topic](facts, (amount) => formatAmount(amount, locale));
  return { subject: oneLine(draft.subject), text: asText(draft, url), html: asHtml(draft, url) };
}

function wordingFor(locale: string): Wording {
  return /^de\b/i.test(locale) ? german : english;
}

/** A subject is a header: a line break in a name must not begin another one. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function asText({ paragraphs, items = [], action }: Draft, url: string): string {
  const list = items.map((item) => `- ${item}`).join('\n');
  return [...paragraphs, ...(list ? [list] : []), `${action}: ${url}`].join('\n\n');
}

function asHtml({ paragraphs, items = [], action }: Draft, url: string): string {
  const body = [
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    ...(items.length > 0 ? [`<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`] : []),
    `<p><a href="${escaped(url)}">${escaped(action)}</a></p>`,
  ];
  return `<!doctype html><html><body>${body.join('')}</body></html>`;
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}
