/** A place in a text that is being read. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Moves behind this text if it is here. */
export function skip(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false;
  cursor.at += text.length;
  return true;
}
