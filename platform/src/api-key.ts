import { createHash, randomBytes } from 'node:crypto';

/** Scanners for leaked secrets find keys by it. */
const PREFIX = 'shop_';

/** What is shown of a key once it has been handed out: enough to tell two apart, of no use to guess the rest. */
const SHOWN_CHARACTERS = PREFIX.length + 6;

const form = /^shop_[\w-]{43}$/;

/** A machine client's credential: 256 random bits. */
export function newApiKey(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** True for any text of the form of a key, whether or not it was ever handed out. */
export function isApiKey(text: string): boolean {
  return form.test(text);
}

/** The form in which a key is stored and looked up, in hexadecimal. What nobody can guess needs no slow hash, and a fast one can be indexed. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The beginning of a key, by which people tell their keys apart; it opens nothing. */
export function apiKeyPrefix(key: string): string {
  return key.slice(0, SHOWN_CHARACTERS);
}
