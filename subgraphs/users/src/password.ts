import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { limitConcurrency } from './concurrency.js';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
const CURRENT = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;

export const PASSWORD_LENGTH = { min: 10, max: 200 };

export interface Passwords {
  /** A salted hash in PHC form, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
  hash(password: string): Promise<string>;
  /** Compares with a stored hash; with null it takes as long and is false, so that nobody learns whether an account exists. */
  verify(password: string, stored: string | null): Promise<boolean>;
}

/** Two hashes at a time, so that sign-ins take neither the memory nor the thread pool from everybody else. */
export async function startPasswords(): Promise<Passwords> {
  const limit = limitConcurrency(2, 400);
  const hash = (password: string) => limit(() => encode(password, randomBytes(16)));
  const nobody = await hash(randomBytes(16).toString('base64url'));
  return {
    hash,
    verify: (password, stored) =>
      limit(async () => {
        const isPossible = stored !== null && password.length <= PASSWORD_LENGTH.max;
        const isEqual = await matches(password.slice(0, PASSWORD_LENGTH.max), isPossible ? stored : nobody);
        return isEqual && isPossible;
      }),
  };
}

/** True when a stored hash was made with other parameters than today's. */
export function needsRehash(stored: string): boolean {
  const parsed = parse(stored);
  return parsed === null || !equalParameters(parsed.parameters, CURRENT) || parsed.tag.length !== TAG_BYTES;
}

type Parameters = typeof CURRENT;

async function encode(password: string, salt: Buffer): Promise<string> {
  const tag = await derive(password, salt, CURRENT, TAG_BYTES);
  const { memory, passes, parallelism } = CURRENT;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

async function matches(password: string, stored: string): Promise<boolean> {
  const parsed = parse(stored);
  if (parsed === null) return false;
  return timingSafeEqual(await derive(password, parsed.salt, parsed.parameters, parsed.tag.length), parsed.tag);
}

/** The same password typed on another keyboard has other code points: compared after NFKC (NIST SP 800-63B, 5.1.1.2). */
function derive(password: string, nonce: Buffer, parameters: Parameters, tagLength: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password.normalize('NFKC'), nonce, tagLength, ...parameters }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    );
  });
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(stored: string): { parameters: Parameters; salt: Buffer; tag: Buffer } | null {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(stored) ?? [];
  if (!salt || !tag) return null;
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return { parameters, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function equalParameters(a: Parameters, b: Parameters): boolean {
  return a.memory === b.memory && a.passes === b.passes && a.parallelism === b.parallelism;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
