import type { FastifyReply } from 'fastify';
import { html, type Html } from './html.js';

/** Everything a page may load comes from this shop; nothing runs that stands in the page itself. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const places = [
  { path: '/', name: 'Start' },
  { path: '/graphiql', name: 'GraphiQL' },
  { path: '/track', name: 'Track' },
  { path: '/mailbox', name: 'Mailbox' },
];

export interface Page {
  title: string;
  /** Where it stands in the navigation. */
  path: string;
  main: Html;
  /** Addresses of scripts, in the order they run. */
  scripts?: readonly string[];
}

/** Sends a whole page with its security policy. Pages are never cached: what they show changes. */
export function sendPage(reply: FastifyReply, page: Page, status = 200): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-security-policy': pagePolicy, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
    .send(pageText(page));
}

export function pageText({ title, path, main, scripts = [] }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Shop</title>
        <link rel="icon" href="/pages/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/pages/shop.css" />
        ${scripts.map((script) => html`<script defer src="${script}"></script> `)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <nav aria-label="Pages">
            <ul>
              ${places.map((place) => navItem(place, path))}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">${main}</main>
      </body>
    </html> `.text;
}

const navItem = (place: { path: string; name: string }, current: string): Html =>
  html`<li><a href="${place.path}" ${place.path === current ? html` aria-current="page"` : null}>${place.name}</a></li>`;
