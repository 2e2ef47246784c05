/** The words of a name as an address writes them: lower case, a-z and 0-9, joined by hyphens. */
export function wordsOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[\p{M}’']/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** Fills a sentence about a thing. Plural things ("Earbuds") get the plural of `{is}`, `{has}`, `{does}`, `{this}` and `{it}`. */
export function sentence(template: string, thing: string, words: Readonly<Record<string, string>>): string {
  const many = /[^s]s$/.test(thing);
  const grammar = many
    ? { is: 'are', has: 'have', does: 'do', this: 'these', it: 'they', 'a thing': thing }
    : { is: 'is', has: 'has', does: 'does', this: 'this', it: 'it', 'a thing': `${/^[aeio]/i.test(thing) ? 'an' : 'a'} ${thing}` };
  const all: Record<string, string> = { ...words, ...grammar, thing };
  const filled = template.replaceAll(/\{([a-z ]+)\}/g, (whole, name: string) => all[name] ?? whole);
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}
