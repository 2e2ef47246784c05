import sanitize from 'sanitize-html';

/** Formatting stays, everything that could act or load goes: scripts, styles, handlers, frames, links other than http(s). */
export function safeHtml(html: string): string {
  return sanitize(html, {
    allowedTags: ['p', 'br', 'ul', 'ol', 'li', 'strong', 'b', 'em', 'i', 'h3', 'h4', 'table', 'tbody', 'tr', 'td', 'th', 'a'],
    allowedAttributes: { a: ['href'] },
    allowedSchemes: ['http', 'https'],
  }).trim();
}
