/** `$$`, `${NAME}`, `${NAME:-default}`, `${NAME:?}`, as the Compose specification has them ("Interpolation"); `$NAME` is not used here. */
const reference = /\$\$|\$\{([A-Za-z_]\w*)(?::([-?])([^}]*))?\}/g;

/** Fills in variables; an empty one counts as not set. Throws, naming all that `:?` asks for and that are not set. */
export function interpolate(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  const missing = new Set<string>();
  const filled = text.replace(reference, (_whole, name: string | undefined, kind: string | undefined, rest: string | undefined) => {
    if (name === undefined) return '$';
    const value = variables[name] ?? '';
    if (value !== '') return value;
    if (kind === '?') missing.add(name);
    return kind === '-' ? (rest ?? '') : '';
  });
  if (missing.size > 0) throw new Error(`Not set: ${[...missing].join(', ')}`);
  return filled;
}

/** The variables that have to be set, in the order in which they are first used. */
export function requiredVariables(text: string): string[] {
  return [...new Set([...text.matchAll(reference)].flatMap(([, name, kind]) => (name !== undefined && kind === '?' ? [name] : [])))];
}

/** All variables, likewise. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(reference)].flatMap(([, name]) => name ?? []))];
}
