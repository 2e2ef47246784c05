/** PostgreSQL's SQLSTATE of an error or of one of its causes; null when there is none. */
function sqlState(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause ?? ('previous' in current ? current.previous : undefined)) {
    if ('code' in current && typeof current.code === 'string' && /^[0-9A-Z]{5}$/.test(current.code)) return current.code;
  }
  return null;
}

/** A serialization failure or a deadlock: the same transaction may succeed when run again. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** A row with the same unique key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === '23505';
}
