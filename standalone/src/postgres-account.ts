import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';

/** The account PostgreSQL runs as; empty means our own. PostgreSQL refuses to run as root. */
export type ServerAccount = { readonly uid?: number; readonly gid?: number };

/**
 * Chooses the account for a data folder: our own unless we are root; as root the folder's present owner, else `postgres`, else `nobody`.
 * Throws when root finds none of them.
 */
export function serverAccount(data: string): ServerAccount {
  if (process.getuid?.() !== 0) return {};
  const owner = existsSync(data) ? statSync(data) : undefined;
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = accountNamed('postgres') ?? accountNamed('nobody');
  if (account === undefined) throw new Error('PostgreSQL must not run as root, and no account "postgres" or "nobody" was found.');
  return account;
}

/** Whether the account may enter the folder; a parent such as /root (0700) forbids it. */
export function canEnter(account: ServerAccount, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

function accountNamed(name: string): ServerAccount | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
