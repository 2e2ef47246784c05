/** Lower-case words of a-z and 0-9 joined by single hyphens. */
export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Longest slug of a product or category. */
export const MAX_SLUG_LENGTH = 200;

/** A slug made from a name: accents dropped, everything but letters and digits becomes a hyphen. `item` when nothing is left. */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return words.slice(0, MAX_SLUG_LENGTH).replaceAll(/^-+|-+$/g, '') || 'item';
}
