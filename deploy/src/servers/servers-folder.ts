import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { canEnter, serverAccount, type ServerAccount } from '@shop/standalone/postgres-account';
import { lastingTemporaryFolder } from '@shop/standalone/postgres-folder';
import { projectRoot } from '../project-root.js';

/** Where the programs, and the servers of `npm run servers`, lie; and who runs them. */
export interface ServersFolder {
  path: string;
  account: ServerAccount;
}

/** `.cache/servers`, or a folder of the same meaning under /var/tmp where the servers' account may not enter the repository. */
export function serversFolder(): ServersFolder {
  const account = serverAccount('');
  const wanted = openedFolder(join(projectRoot, '.cache', 'servers'));
  if (canEnter(account, wanted)) return { path: wanted, account };
  const name = `shop-servers-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
  return { path: openedFolder(join(lastingTemporaryFolder(), name)), account };
}

/** Made when missing; others may enter it, whatever the umask says. */
export function openedFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  return path;
}

/** Lets the account write there; nothing to do where we run the servers ourselves. */
export function giveTo({ uid, gid }: ServerAccount, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
